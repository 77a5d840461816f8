/**
 * The ordinary mail that internal recipients of a secured mail get: the sender's own bytes with a banner on top.
 *
 * The tag stays in the subject, triggers and hidden recipients go. A body that is signed or encrypted is not
 * touched; its banner is the header `X-Sealpost-Banner`. See docs/decisions/0006-internal-copy.md.
 */
import { writtenName } from "../mime/leaf.ts";
import { type Part, readStructure } from "../mime/structure.ts";
import { type Banner, bannerFor } from "./banner.ts";
import { type Change, insertBanner } from "./insert.ts";
import { stripTriggers } from "./strip-triggers.ts";

export type InternalCopy = {
  /** The external addresses that the banner names; never hidden ones. */
  securedTo: readonly string[];
  /** A whole trace field (`Received: …`) without its last line break; null for none. */
  trace: string | null;
};

const SEALED_TYPES = /^(?:multipart\/(?:signed|encrypted)|application\/(?:x-)?pkcs7-mime)$/u;

/** Makes the copy. Everything but the banner, the trace and the removed fields is byte-identical. */
export function internalCopy(raw: Buffer, { securedTo, trace }: InternalCopy): Buffer {
  const mail = stripTriggers(raw);
  const lineBreak = mail[mail.indexOf("\n") - 1] === 0x0d ? "\r\n" : "\n";
  const banner = bannerFor(securedTo);
  const changes = bodyChanges(mail, banner, lineBreak);
  const fields = trace === null ? [] : [trace];
  if (changes.length === 0) fields.push(bannerField(banner));
  const top = fields.map((field) => field.replace(/\r?\n/gu, lineBreak) + lineBreak).join("");
  return Buffer.concat([Buffer.from(top, "utf8"), ...apply(mail, changes)]);
}

function bodyChanges(mail: Buffer, banner: Banner, lineBreak: string): Change[] {
  const { root } = readStructure(mail);
  if (root.header.fields.some((field) => field.name === "dkim-signature")) return [];
  const changes = shownTexts(root, root).map((part) => insertBanner(mail, part, banner, lineBreak));
  // a banner in one alternative only would be there for some and not for others
  return changes.includes(null) ? [] : changes.filter((change) => change !== null);
}

/** The text parts that a client shows first: every alternative of the first words. */
function shownTexts(part: Part, root: Part): Part[] {
  if (SEALED_TYPES.test(part.type)) return [];
  if (part.type === "multipart/alternative") return part.children.flatMap((child) => shownTexts(child, root));
  for (const child of part.children) {
    const texts = shownTexts(child, root);
    if (texts.length > 0) return texts;
  }
  const text = part.type === "text/plain" || part.type === "text/html";
  const attached = part.disposition.value === "attachment" || (part !== root && writtenName(part) !== "");
  return text && !attached ? [part] : [];
}

function bannerField(banner: Banner): string {
  const ascii = banner.text.replace(/[^\n\x20-\x7e]/gu, "?");
  return `X-Sealpost-Banner: ${ascii.replaceAll("\n", "\n ")}`;
}

function apply(mail: Buffer, changes: readonly Change[]): Buffer[] {
  const pieces: Buffer[] = [];
  let at = 0;
  for (const change of changes) {
    pieces.push(mail.subarray(at, change.start), change.bytes);
    at = change.end;
  }
  return [...pieces, mail.subarray(at)];
}
