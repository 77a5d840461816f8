/**
 * What came back to a notice: a bounce, an automatic reply, or the reply of a person.
 *
 * Bounces in the form of RFC 3464, and those of mail servers that only name the failed recipient (X-Failed-Recipients);
 * automatic replies as RFC 3834 and what came before it mark them.
 */
import { allFields, firstField } from "../mime/header.ts";
import { partBytes } from "../mime/leaf.ts";
import { type Part, readStructure } from "../mime/structure.ts";

export type Returned =
  /** `detail` is what the mail server said, for administrators; one line. */
  { kind: "bounce"; detail: string } | { kind: "automatic" } | { kind: "reply"; messageId: string | null };

const longestDetail = 300;
/** Status blocks are a few lines; more is no status. */
const mostStatusBytes = 64_000;

/** Reads a whole mail. `isNullSender` where the envelope had no sender: then no person wrote it. */
export function readReturned(raw: Buffer, isNullSender: boolean): Returned {
  const { root } = readStructure(raw);
  const field = (name: string) => firstField(raw, root.header, name);
  const status = partsOf(root).find(({ type }) => /^message\/(global-)?delivery-status$/.test(type));
  if (status !== undefined) return readStatus(partBytes(raw, status).toString("utf8", 0, mostStatusBytes));
  if (isNullSender && field("x-failed-recipients") !== null) {
    return { kind: "bounce", detail: "The mail server could not deliver the notice." };
  }
  if (isNullSender || isAutomatic(field, allFields(raw, root.header, "precedence")))
    return { kind: "automatic" };
  const messageId = /<[^<>\s]{1,200}>/.exec(field("message-id") ?? "")?.[0] ?? null;
  return { kind: "reply", messageId };
}

function partsOf(part: Part): Part[] {
  return [part, ...part.children.flatMap(partsOf)];
}

/** A delay, or a confirmation, is no bounce. */
function readStatus(status: string): Returned {
  if (!/^action:\s*failed\b/im.test(status)) return { kind: "automatic" };
  const unfolded = status.replace(/\r?\n[ \t]+/g, " ");
  const code = /^status:\s*(\d\.\d{1,3}\.\d{1,3})/im.exec(unfolded)?.[1] ?? "5.0.0";
  const words = /^diagnostic-code:\s*(?:[\w-]+;)?\s*(.*)$/im.exec(unfolded)?.[1] ?? "";
  const detail = `${code} ${words}`.replace(/\p{Cc}+/gu, " ").trim();
  return { kind: "bounce", detail: detail.slice(0, longestDetail) };
}

function isAutomatic(field: (name: string) => string | null, precedence: readonly string[]): boolean {
  const submitted = field("auto-submitted");
  if (submitted !== null && !/^\s*no\b/i.test(submitted)) return true;
  if (precedence.some((value) => /^\s*(bulk|junk|list|auto_reply)\b/i.test(value))) return true;
  const marks = ["x-autoreply", "x-autorespond", "x-auto-response-suppress", "list-id", "x-loop"];
  if (marks.some((name) => field(name) !== null)) return true;
  return /^multipart\/report\b/i.test((field("content-type") ?? "").trim());
}
