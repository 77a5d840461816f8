/**
 * The memory that another process really uses, where the system tells it (Linux).
 *
 * The limit of a JavaScript heap does not count buffers: a PDF whose stream unpacks without end fills them.
 */
import { readFile } from "node:fs/promises";

const PAGE_BYTES = 4096;
const LOOK_EVERY_MS = 100;

/** Calls `tooMuch` once when the process grows beyond `bytesMax`. Returns what stops watching. */
export function watchMemory(pid: number | undefined, bytesMax: number, tooMuch: () => void): () => void {
  const timer = setInterval(async () => {
    if ((await residentBytes(pid)) <= bytesMax) return;
    clearInterval(timer);
    tooMuch();
  }, LOOK_EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}

/** Zero where it cannot be known: another system, or the process is gone. */
async function residentBytes(pid: number | undefined): Promise<number> {
  const pages = await readFile(`/proc/${pid}/statm`, "latin1").catch(() => "");
  return Number(pages.split(" ")[1] ?? 0) * PAGE_BYTES;
}
