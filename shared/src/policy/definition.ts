/**
 * A definition: the named set of rules under which the organisation secures a message.
 */
import type { Controls } from "../wire/controls.ts";

/** The name as the administrator wrote it; compared without regard to case. */
export type DefinitionName = string;

export type Definition = {
  readonly name: DefinitionName;
  readonly controls: Controls;
  /** Milliseconds from sending to expiry; null for never. */
  readonly expiresAfterMs: number | null;
  /** Internal recipients get the sealed message too, instead of ordinary mail. */
  readonly sealsForEverybody: boolean;
  /** The sender gets a mail that says that the message was secured, and why. */
  readonly tellsSender: boolean;
  /** A mail with this sensitivity label (a GUID in lower case) is secured under the definition; null for none. */
  readonly label: string | null;
};

/** How a definition is written in a tag: lower case, blanks as dashes. */
export function tagWord(name: DefinitionName): string {
  return name.trim().toLowerCase().replace(/\s+/gu, "-");
}

/** Finds a definition by its name, in any case, blanks written as dashes or not. */
export function findDefinition(
  definitions: readonly Definition[],
  name: DefinitionName,
): Definition | undefined {
  const word = tagWord(name);
  return definitions.find((definition) => tagWord(definition.name) === word);
}
