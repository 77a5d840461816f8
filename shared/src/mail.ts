/**
 * One mail as a person would read it: decoded headers, the text to show, and what is attached.
 *
 * A pure type; `gateway/src/mime/` makes it from bytes. The envelope (who really sent it, to whom) is not
 * part of it. Everything here was claimed by the sender and proves nothing.
 */

/** A name and an address as written in a header; either may be empty, never both. */
export type Person = { readonly name: string; readonly address: string };

/** One attachment or inline image. */
export interface Attachment {
  /** Safe to show and to save under: no path, no control characters, never empty. */
  readonly name: string;
  /** The media type in lower case, without parameters. */
  readonly type: string;
  /** Bytes after decoding. Reading it decodes. */
  readonly size: number;
  /** Content-ID without angle brackets, by which the html shows it (`cid:…`). */
  readonly cid: string | null;
  /** The html shows it in place, so a list of attachments need not name it again. */
  readonly inline: boolean;
  /** The decoded bytes. Decodes at the first call and keeps the result. */
  content(): Uint8Array;
}

/** Why some of a mail could not be read for what it is. Nothing of such a mail is dropped. */
export type Problem = {
  readonly kind:
    | "too-many-headers"
    | "too-many-parts"
    | "too-deep"
    | "damaged-structure"
    | "damaged-encoding"
    | "unknown-charset"
    | "encrypted"
    | "half-read"
    | "damaged-winmail";
  /** A sentence for the administrator, without content of the mail. */
  readonly detail: string;
};

/** A mail. Implementations may compute properties when they are first read; none of them throws. */
export interface Mail {
  readonly subject: string;
  /** RFC 5322 allows several authors. */
  readonly from: readonly Person[];
  readonly sender: Person | null;
  readonly replyTo: readonly Person[];
  readonly to: readonly Person[];
  readonly cc: readonly Person[];
  readonly date: Date | null;
  /** With angle brackets, as all ids here. */
  readonly messageId: string | null;
  readonly inReplyTo: readonly string[];
  readonly references: readonly string[];
  /** The values of all `X-Sealpost` headers, joined with a comma; null when there is none. */
  readonly trigger: string | null;
  /** The value of `Sensitivity` (RFC 4021), as Outlook sets it; null when there is none. */
  readonly sensitivity: string | null;
  /** Ids (GUIDs in lower case) of the sensitivity labels that `msip_labels` says are set. */
  readonly labels: readonly string[];
  /** To be read without html; derived from the html when the mail has nothing else. */
  readonly text: string | null;
  /** As sent, unsanitised. */
  readonly html: string | null;
  readonly attachments: readonly Attachment[];
  readonly problems: readonly Problem[];
}
