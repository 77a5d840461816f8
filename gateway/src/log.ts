/**
 * The gateway's log: one JSON line an event, on standard output.
 *
 * A line cannot carry a secret: the type has fields for ids, codes and counts, and none for subjects, contents, keys or
 * tokens. Errors are logged by their class and code, never by a text that could quote a mail.
 */

/** What a line may say beside what happened. Addresses are clear metadata (docs/security.md). */
export type Details = {
  /** The queue id of a mail. */
  readonly mail?: string | undefined;
  readonly sender?: string | undefined;
  readonly recipients?: number | undefined;
  readonly bytes?: number | undefined;
  readonly ms?: number | undefined;
  /** What was answered, by its SMTP code. */
  readonly code?: number | undefined;
  /** A word for the outcome or the cause: "stored", "duplicate", "ECONNREFUSED". */
  readonly what?: string | undefined;
  readonly count?: number | undefined;
  readonly name?: string | undefined;
  readonly port?: number | undefined;
};

export type Level = "info" | "warn" | "error";

/** Writes one line. `event` is a fixed sentence of the program. */
export type Log = (level: Level, event: string, details?: Details) => void;

/** A log that writes JSON lines; `now` in milliseconds since 1970. */
export function makeLog(write: (line: string) => void, now: () => number): Log {
  return (level, event, details = {}) => {
    write(`${JSON.stringify({ at: new Date(now()).toISOString(), level, event, ...details })}\n`);
  };
}

/** The code of an error or of its cause, else its class: all that a log may say of it. */
export function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  if ("code" in error && typeof error.code === "string" && error.code !== "") return error.code;
  return error.cause instanceof Error ? causeOf(error.cause) : error.name;
}

/** How long a line may wait for others to be written with it. */
const gatherMs = 20;

/** Gathers lines and writes them together: writing to a pipe holds up the whole process. `flush` writes what waits. */
export function gatherLines(write: (text: string) => void): { add(line: string): void; flush(): void } {
  let waiting = "";
  let timer: NodeJS.Timeout | undefined;
  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    const text = waiting;
    waiting = "";
    if (text !== "") write(text);
  };
  return {
    add(line) {
      waiting += line;
      timer ??= setTimeout(flush, gatherMs);
    },
    flush,
  };
}
