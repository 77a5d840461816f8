/**
 * The leash: a small process that outlives us by a moment and ends whatever we leave running.
 *
 * Its standard input is a pipe from this process. When that closes, by whatever death, it ends every process that it was
 * told of, so that a killed supervisor leaves nothing behind.
 */
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

export type Leash = {
  /** Ends the process `pid` when this one dies, with `ending`; returns what lets it go. */
  hold(pid: number, ending: Ending): () => void;
  stop(): Promise<void>;
};

/** `term` is followed by SIGKILL after a while; `int` is not, for Postgres ends by itself and must not be cut off. */
export type Ending = "term" | "int";

/** Starts the leash. One is enough for a whole system. */
export function makeLeash(): Leash {
  const program = fileURLToPath(new URL("./leash-process.ts", import.meta.url));
  const child = spawn(process.execPath, [program], {
    stdio: ["pipe", "ignore", "ignore"],
    detached: true, // Ctrl-C is for us, not for it
    env: {},
  });
  child.on("error", () => {});
  child.stdin.on("error", () => {});
  return {
    hold(pid, ending) {
      child.stdin.write(`+ ${pid} ${ending}\n`);
      return () => {
        if (child.stdin.writable) child.stdin.write(`- ${pid}\n`);
      };
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.stdin.end();
      await ended;
    },
  };
}
