/**
 * The sender's tag: `[secure …]` in the subject, or the header `X-Sealpost: secure …`, which wins.
 *
 * Pure. `parseTag` says what the sender asked for and what the subject is without the tag.
 */
import type { DefinitionName } from "../policy/definition.ts";
import { knownOptions, type ParsedOptions, parseOptions, type TagOptions } from "./option.ts";

export type Tag =
  | { kind: "none" }
  | { kind: "secure"; subject: string; options: TagOptions }
  | { kind: "unknown"; option: string; known: readonly string[] }
  | { kind: "unclosed"; tag: string }
  | { kind: "conflict"; definitions: readonly [DefinitionName, DefinitionName] };

/**
 * How a tag begins. `[secured]` and `[secure-ish]` are words of the subject; whatever else follows (`[secure:7d]`, `[secure-7d]`,
 * `[secure!]`) is a tag, mistyped or not. Invisible characters, as pasting brings them along, are overlooked within the word and
 * count as blanks around it.
 */
const START = String.raw`\[[\s\p{Cf}]*${[..."secure"].join(String.raw`\p{Cf}*`)}(?:(?![\p{L}\p{M}\p{N}_-])|(?=[_-]?\d+[dh](?![\p{L}\p{N}])))`;

/** No nesting, so that the search is linear. */
const TAG = new RegExp(String.raw`${START}([^[\]]*)\]`, "giu");

/** Another bracket opens, or the subject ends, before this one is closed. */
const UNCLOSED_TAG = new RegExp(String.raw`(${START}[^[\]]*)(?:\[|$)`, "iu");

/**
 * Reads the sender's wish from the decoded subject and the raw `X-Sealpost` value (null when absent).
 * The subject given back has no tag in it; several tags count together.
 */
export function parseTag(
  subject: string,
  header: string | null,
  definitionNames: readonly DefinitionName[],
): Tag {
  if (header !== null) return fromHeader(header, subject, definitionNames);
  const unclosed = UNCLOSED_TAG.exec(withoutTag(subject))?.[1];
  if (unclosed !== undefined) return { kind: "unclosed", tag: unclosed.trim() };
  const inSubject = [...subject.matchAll(TAG)].map((match) => match[1] ?? "");
  return inSubject.length === 0
    ? { kind: "none" }
    : toTag(parseOptions(inSubject.join(","), definitionNames), subject, definitionNames);
}

/** The subject without its tags, and without the blanks that stood around them. */
export function withoutTag(subject: string): string {
  return subject
    .split(TAG)
    .filter((_, index) => index % 2 === 0)
    .map((piece) => piece.trim())
    .filter((piece) => piece !== "")
    .join(" ");
}

function fromHeader(header: string, subject: string, definitionNames: readonly DefinitionName[]): Tag {
  const [word = "", ...rest] = header.split(/[\s,]+/u).filter((piece) => piece !== "");
  if (word.toLowerCase() !== "secure") {
    return { kind: "unknown", option: word, known: ["secure", ...knownOptions(definitionNames)] };
  }
  const options = rest.filter((piece) => piece.toLowerCase() !== "secure").join(",");
  return toTag(parseOptions(options, definitionNames), subject, definitionNames);
}

function toTag(parsed: ParsedOptions, subject: string, definitionNames: readonly DefinitionName[]): Tag {
  switch (parsed.kind) {
    case "options":
      return { kind: "secure", subject: withoutTag(subject), options: parsed.options };
    case "unknown":
      return { kind: "unknown", option: parsed.option, known: knownOptions(definitionNames) };
    case "conflict":
      return { kind: "conflict", definitions: parsed.definitions };
  }
}
