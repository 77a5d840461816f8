/**
 * Forgetting the schema when it changed: `notify pgrst`, as PostgREST listens to it.
 *
 * What `@supabase/lite` lacks: it reads the schema once and never again.
 */
import type { Sql } from "postgres";

export type SchemaCache = { clearSchemaCache(): Promise<void> };

/** Listens for as long as `sql` is open, on a connection that is made anew when it breaks. */
export async function refreshOnNotice(sql: Sql, cache: SchemaCache): Promise<void> {
  await sql.listen("pgrst", (payload) => {
    if (payload === "" || payload === "reload schema") void cache.clearSchemaCache();
  });
}
