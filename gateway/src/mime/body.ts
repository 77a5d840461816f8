/**
 * What the reader sees: the best alternative as text and html, in the order of the mail, and the attachments.
 *
 * Several text parts are joined; images that stand between them are shown there. Whatever is not shown as
 * text becomes an attachment: nothing is dropped.
 */
import type { Attachment, Problem } from "@sealpost/shared/mail.ts";
import { composeHtml, composeText, hasOverlongHtml, type Piece, referencedIds } from "./compose.ts";
import { type AttachmentDraft, isMailType, partBytes, partText, toAttachment, writtenName } from "./leaf.ts";
import type { Part, Structure } from "./structure.ts";
import { readWinmail } from "./winmail/winmail.ts";

export type Body = {
  /** Computed at the first call: html without text must be converted. */
  text: () => string | null;
  html: string | null;
  attachments: readonly Attachment[];
  problems: readonly Problem[];
};

const SHOWN_IMAGES = new Set([
  "image/jpeg",
  "image/jpg",
  "image/png",
  "image/gif",
  "image/webp",
  "image/bmp",
]);
const WINMAIL_TYPES = new Set(["application/ms-tnef", "application/vnd.ms-tnef"]);
const ENCRYPTED_TYPES = new Set([
  "application/pgp-encrypted",
  "application/pkcs7-mime",
  "application/x-pkcs7-mime",
]);
/** Other renditions of the same words, which no reader of today shows when there is html or plain text. */
const SPARE_RENDITIONS = new Set(["text/enriched", "text/richtext", "text/x-amp-html", "text/watch-html"]);

/** Reads the body of a mail. `quote` gives the text of a mail that is the only content of this one. */
export function readBody(
  raw: Buffer,
  structure: Structure,
  quote: (mail: Uint8Array) => string | null,
): Body {
  const collector = new Collector(raw);
  const pieces = collector.collect(structure.root, structure.root);
  const ids = referencedIds(pieces);
  const drafts = collector.attachments;
  if (hasOverlongHtml(pieces)) {
    collector.problems.push({ kind: "half-read", detail: "An html text is too long to be examined whole." });
  }
  const html = composeHtml(pieces, ids);
  const shown = html === null ? new Set<string>() : new Set([...ids, ...placedIds(pieces)]);
  return {
    html,
    text: once(() => ownOrQuotedText(pieces, drafts, quote)),
    attachments: drafts.map((draft) => finish(draft, shown)),
    problems: collector.problems,
  };
}

class Collector {
  readonly attachments: AttachmentDraft[] = [];
  readonly problems: Problem[] = [];
  readonly #raw: Buffer;

  constructor(raw: Buffer) {
    this.#raw = raw;
  }

  collect(part: Part, parent: Part): Piece[] {
    if (part.type === "multipart/alternative" && part.children.length > 0) return this.#alternative(part);
    if (part.children.length > 0) return part.children.flatMap((child) => this.collect(child, part));
    return this.#leaf(part, parent);
  }

  #alternative(part: Part): Piece[] {
    const renditions = part.children.filter((child) => !SPARE_RENDITIONS.has(child.type));
    const choices = (renditions.length === 0 ? part.children : renditions).map((child) =>
      this.collect(child, part),
    );
    const html = choices.findLast((pieces) => pieces.some(hasHtml));
    const text = choices.find((pieces) => !pieces.some(hasHtml) && pieces.some(hasWords));
    if (html === undefined) return text ?? choices.flat();
    return [{ kind: "alternative", text: text ?? [], html }];
  }

  #leaf(part: Part, parent: Part): Piece[] {
    const { type } = part;
    if (WINMAIL_TYPES.has(type) || /^winmail\.dat$/iu.test(writtenName(part))) return this.#winmail(part);
    if (ENCRYPTED_TYPES.has(type) && part.parameters.get("smime-type") !== "signed-data")
      this.#noteEncrypted();
    if (this.#isBodyText(part, parent)) return [this.#textPiece(part)];
    const draft = toAttachment(this.#raw, part);
    if (isEmptyUnnamed(part, type)) return [];
    this.attachments.push(draft);
    const shown = part.disposition.value === "inline" && SHOWN_IMAGES.has(type);
    if (!shown || parent.type === "multipart/related") return [];
    draft.cid ??= `part-${this.attachments.length}@inline.sealpost.invalid`;
    return [{ kind: "image", cid: draft.cid, name: draft.name }];
  }

  /** Text is read as part of the message unless it was attached as a file. */
  #isBodyText(part: Part, parent: Part): boolean {
    const alone = part === parent;
    if (part.type.startsWith("multipart/")) return alone;
    if (part.type !== "text/plain" && part.type !== "text/html" && !SPARE_RENDITIONS.has(part.type))
      return false;
    if (part.disposition.value === "attachment") return false;
    return writtenName(part) === "" || alone || parent.type === "multipart/alternative";
  }

  #textPiece(part: Part): Piece {
    const { text, charsetKnown } = partText(this.#raw, part);
    if (!charsetKnown) {
      this.problems.push({ kind: "unknown-charset", detail: "A text has a charset that is not known." });
    }
    if (part.type === "text/html" || part.type === "text/x-amp-html") return { kind: "html", html: text };
    return { kind: "text", text };
  }

  #noteEncrypted(): void {
    this.problems.push({ kind: "encrypted", detail: "A part is encrypted." });
  }

  #winmail(part: Part): Piece[] {
    const unpacked = readWinmail(partBytes(this.#raw, part));
    if (unpacked === null || unpacked.damaged) {
      this.problems.push({ kind: "damaged-winmail", detail: "A winmail.dat cannot be unpacked whole." });
      this.attachments.push(toAttachment(this.#raw, part));
    }
    if (unpacked === null) return [];
    this.attachments.push(...unpacked.attachments);
    return [{ kind: "winmail", text: unpacked.text, html: unpacked.html }];
  }
}

function hasHtml(piece: Piece): boolean {
  return (
    piece.kind === "html" || piece.kind === "alternative" || (piece.kind === "winmail" && piece.html !== null)
  );
}

function hasWords(piece: Piece): boolean {
  return piece.kind === "text" ? piece.text.trim() !== "" : piece.kind === "winmail" && piece.text !== null;
}

/** Some senders leave an empty part behind; it is nothing that anybody attached. */
function isEmptyUnnamed(part: Part, type: string): boolean {
  return part.bodyEnd === part.bodyStart && writtenName(part) === "" && /^(?:text|multipart)\//u.test(type);
}

function placedIds(pieces: readonly Piece[]): string[] {
  return pieces.flatMap((piece) => {
    if (piece.kind === "image") return [piece.cid];
    return piece.kind === "alternative" ? placedIds([...piece.html]) : [];
  });
}

function ownOrQuotedText(
  pieces: readonly Piece[],
  drafts: readonly AttachmentDraft[],
  quote: (mail: Uint8Array) => string | null,
): string | null {
  const own = composeText(pieces);
  const [only, ...others] = drafts.filter((draft) => isMailType(draft.type));
  if (own?.trim() || only === undefined || others.length > 0) return own;
  return quote(only.read()) ?? own;
}

function finish(draft: AttachmentDraft, shown: ReadonlySet<string>): Attachment {
  const content = once(draft.read);
  const { name, type, cid } = draft;
  const inline = cid !== null && shown.has(cid);
  return {
    name,
    type,
    cid,
    inline,
    content,
    get size() {
      return content().length;
    },
  };
}

/** Computes at the first call and keeps the result. */
export function once<Value>(compute: () => Value): () => Value {
  let kept: { value: Value } | null = null;
  return () => {
    kept ??= { value: compute() };
    return kept.value;
  };
}
