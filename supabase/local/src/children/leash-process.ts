/**
 * The leash's own process: reads which processes to end from its standard input, and ends them when that closes.
 */
import { createInterface } from "node:readline";

const graceMs = 5_000;
const held = new Map<number, string>();

process.on("SIGINT", () => {});
process.on("SIGTERM", () => {}); // ends with its pipe, not before

for await (const line of createInterface({ input: process.stdin })) {
  const [what, pid, ending = ""] = line.split(" ");
  if (what === "+") held.set(Number(pid), ending);
  else held.delete(Number(pid));
}

for (const [pid, ending] of held) signal(pid, ending === "int" ? "SIGINT" : "SIGTERM");
const unwilling = [...held].filter(([, ending]) => ending !== "int").map(([pid]) => pid);
if (unwilling.length > 0) {
  setTimeout(() => {
    for (const pid of unwilling) signal(pid, "SIGKILL");
  }, graceMs);
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // it is gone already
  }
}
