/**
 * The options of the sender's tag: reading the words between `[secure` and `]`.
 *
 * Whatever is not known is an answer of its own, never ignored: a typing error must not send a mail
 * with less protection than its sender asked for.
 */
import { type DefinitionName, tagWord } from "../policy/definition.ts";

const HOUR_MS = 3_600_000;

/** Shorter than an hour nobody can be expected to read; longer than ten years is "never", which is not the sender's to say. */
const SHORTEST_EXPIRY_MS = HOUR_MS;
const LONGEST_EXPIRY_MS = 3650 * 24 * HOUR_MS;

/** What the sender asked for; absent means not mentioned. */
export type TagOptions = {
  readonly noPrint?: true;
  readonly noReply?: true;
  readonly noReplyAll?: true;
  readonly noDownload?: true;
  readonly receipt?: true;
  readonly once?: true;
  readonly watermark?: true;
  /** The shortest one, when several are given. */
  readonly expiresAfterMs?: number;
  readonly definition?: DefinitionName;
};

export type ParsedOptions =
  | { kind: "options"; options: TagOptions }
  | { kind: "unknown"; option: string }
  | { kind: "conflict"; definitions: readonly [DefinitionName, DefinitionName] };

const FLAGS: ReadonlyMap<string, keyof TagOptions> = new Map([
  ["no-print", "noPrint"],
  ["no-reply", "noReply"],
  ["no-reply-all", "noReplyAll"],
  ["no-download", "noDownload"],
  ["receipt", "receipt"],
  ["once", "once"],
  ["watermark", "watermark"],
]);

/** The words a sender can write, for the sentence that refuses another one. */
export function knownOptions(definitionNames: readonly DefinitionName[]): string[] {
  return ["12h", "7d", ...FLAGS.keys(), ...definitionNames.map(tagWord)];
}

/** Reads options separated by blanks or commas, in any case. A flag outranks a definition of the same name. */
export function parseOptions(words: string, definitionNames: readonly DefinitionName[]): ParsedOptions {
  let options: TagOptions = {};
  for (const word of words.split(/[\s\p{Cf},]+/u)) {
    if (word === "") continue;
    const read = parseOption(word.toLowerCase(), definitionNames);
    if (read === null) return { kind: "unknown", option: word };
    const { definition } = options;
    if (definition !== undefined && read.definition !== undefined && definition !== read.definition) {
      return { kind: "conflict", definitions: [definition, read.definition] };
    }
    options = { ...options, ...read, ...shortest(options, read) };
  }
  return { kind: "options", options };
}

function parseOption(word: string, definitionNames: readonly DefinitionName[]): TagOptions | null {
  const flag = FLAGS.get(word);
  if (flag !== undefined) return { [flag]: true };
  const expiresAfterMs = parseDuration(word);
  if (expiresAfterMs !== null) return { expiresAfterMs };
  const definition = definitionNames.find((name) => tagWord(name) === word);
  return definition === undefined ? null : { definition };
}

function parseDuration(word: string): number | null {
  const match = /^(\d{1,5})([hd])$/u.exec(word);
  if (match === null) return null;
  const ms = Number(match[1]) * (match[2] === "d" ? 24 * HOUR_MS : HOUR_MS);
  return ms >= SHORTEST_EXPIRY_MS && ms <= LONGEST_EXPIRY_MS ? ms : null;
}

function shortest(one: TagOptions, other: TagOptions): TagOptions {
  if (one.expiresAfterMs === undefined || other.expiresAfterMs === undefined) return {};
  return { expiresAfterMs: Math.min(one.expiresAfterMs, other.expiresAfterMs) };
}
