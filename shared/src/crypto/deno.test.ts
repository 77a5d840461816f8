/** The trials of the seal on real Deno, with no permission but to read the workspace: where edge functions seal and open. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import type { Verdict } from "./trials/trial.ts";

const ROOT = new URL("../../../", import.meta.url).pathname;
const TIME_LIMIT_MS = 90_000;

test("the seal holds on Deno", { timeout: TIME_LIMIT_MS }, async () => {
  const flags = [
    "--quiet",
    "--node-modules-dir=manual",
    "--cached-only",
    "--no-remote",
    `--allow-read=${ROOT}`,
  ];

  const { stdout } = await promisify(execFile)(
    `${ROOT}node_modules/.bin/deno`,
    ["run", ...flags, "shared/src/crypto/trials/run.ts"],
    { cwd: ROOT, timeout: TIME_LIMIT_MS },
  );
  const verdicts = JSON.parse(stdout) as Verdict[];

  expect(verdicts.filter(({ failure }) => failure !== null)).toEqual([]);
  expect(verdicts.length).toBeGreaterThan(10);
});
