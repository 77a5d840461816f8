/**
 * What edge functions log: one line of JSON. Its type has no field for content, addresses, keys, tokens or passwords, so that
 * none can be written by accident; of an error it keeps kind and place, not the message.
 */
import process from "node:process";

export interface LogLine {
  readonly function: string;
  readonly what: string;
  /** A notice's id. */
  readonly notice?: string;
  /** What a mail server answered, in digits. */
  readonly code?: string;
  readonly error?: string;
  readonly where?: string;
}

export type Log = (line: LogLine) => void;

/** Lines to the standard error output, where hosts of edge functions collect them. */
export const logToStandardError: Log = (line) => {
  process.stderr.write(`${JSON.stringify(line)}\n`);
};

/** The speakable part of an unexpected error: its kind and the first place in our own code. */
export function describeError(error: unknown): { error: string; where: string } {
  if (!(error instanceof Error)) return { error: "unknown", where: "unknown" };
  const code = "code" in error && typeof error.code === "string" ? ` ${error.code}` : "";
  const frame = error.stack?.split("\n").find((line) => /^\s+at .*\/functions\//.test(line));
  const place = /functions\/([\w\-/.]+:\d+)/.exec(frame ?? "")?.[1];
  return { error: `${error.name}${code}`, where: place ?? "unknown" };
}
