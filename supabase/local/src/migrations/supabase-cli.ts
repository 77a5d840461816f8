/**
 * The real Supabase CLI, run against a database by its URL.
 *
 * The password goes by environment, never on the command line, which every user of the machine can read. TLS is off,
 * because this is for databases on loopback alone.
 */
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";

/** What a run gave: its exit code, what it printed, and what it complained about. */
export type CliResult = {
  readonly code: number | null;
  readonly output: string;
  readonly complaints: string;
};

/** The folder that holds `supabase/`. */
export const repositoryRoot = resolve(import.meta.dirname, "../../../..");

/** Runs `supabase <words> --remote=<url>` in `workdir` and waits for its end, whatever that is. */
export async function runSupabase(
  words: readonly string[],
  { url, workdir = repositoryRoot }: { url: string; workdir?: string },
): Promise<CliResult> {
  const { address, password } = withoutPassword(url);
  const args = [cliFile(), ...words, `--remote=${address}`, "--workdir", workdir, "--agent", "no"];
  const child = spawn(process.execPath, args, {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, PGPASSWORD: password, PGSSLMODE: "disable", DO_NOT_TRACK: "1", NO_COLOR: "1" },
  });
  const output: string[] = [];
  const complaints: string[] = [];
  child.stdout.setEncoding("utf8").on("data", (text: string) => output.push(text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => complaints.push(text));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  return { code, output: output.join(""), complaints: complaints.join("") };
}

function cliFile(): string {
  return join(dirname(createRequire(import.meta.url).resolve("supabase/package.json")), "dist/supabase.js");
}

function withoutPassword(url: string): { address: string; password: string } {
  const parsed = new URL(url);
  const password = decodeURIComponent(parsed.password);
  parsed.password = "";
  return { address: parsed.href, password };
}
