/**
 * The stack's log: one line of text for a person who watches `npm start`.
 *
 * A line names a part and what happened to it. It has no field for content, keys, tokens, passwords or full addresses
 * of requests, so that none can be written by accident.
 */
export type Log = (line: string) => void;

/** A log that puts the part's name before each line. */
export function logOf(part: string, log: Log): Log {
  return (line) => log(`${part}: ${line}`);
}
