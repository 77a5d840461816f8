/**
 * `npm run db:types`: draws the database of the migrations anew into `supabase/database.types.ts`.
 */
import { writeFile } from "node:fs/promises";
import { temporaryPostgres } from "../postgres/temporary-postgres.ts";
import { databaseTypes, typesFile } from "./database-types.ts";

const postgres = await temporaryPostgres();
try {
  await writeFile(typesFile, await databaseTypes(postgres.url("postgres")));
  process.stdout.write("supabase/database.types.ts is up to date\n");
} finally {
  await postgres.stop();
}
