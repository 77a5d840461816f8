/**
 * The TypeScript picture of the database, as the Supabase CLI draws it and Biome formats it.
 */
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { repositoryRoot, runSupabase } from "./supabase-cli.ts";

/** Where the committed picture lies. */
export const typesFile = join(repositoryRoot, "supabase/database.types.ts");

/** Draws the schema `public` of the database at `url`. */
export async function databaseTypes(url: string): Promise<string> {
  const drawn = await runSupabase(["gen", "types", "--schema", "public"], { url });
  if (drawn.code !== 0) throw new Error(`supabase gen types failed: ${drawn.complaints}`);
  return formatted(drawn.output);
}

function formatted(source: string): Promise<string> {
  const biome = createRequire(import.meta.url).resolve("@biomejs/biome/bin/biome");
  const child = spawn(process.execPath, [biome, "format", "--stdin-file-path=drawn.ts"], {
    cwd: repositoryRoot,
    stdio: ["pipe", "pipe", "ignore"],
  });
  const output: string[] = [];
  child.stdout.setEncoding("utf8").on("data", (text: string) => output.push(text));
  child.stdin.end(source);
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) =>
      code === 0 ? resolve(output.join("")) : reject(new Error("biome could not format the types")),
    );
  });
}
