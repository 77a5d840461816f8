/**
 * An attachment as a message shows it: what the sealed body calls it, joined with where its bytes lie.
 */
import type { AttachmentInfo } from "@sealpost/shared/wire/body.ts";
import type { AttachmentRow } from "../backend/backend.ts";

export interface Attachment {
  info: AttachmentInfo;
  row: AttachmentRow;
}

/** Both halves by part number; the signature has been checked, so every part is there twice. */
export function joinAttachments(
  infos: readonly AttachmentInfo[],
  rows: readonly AttachmentRow[],
): Attachment[] {
  const byPart = new Map(rows.map((row) => [row.part, row]));
  return infos.flatMap((info) => {
    const row = byPart.get(info.part);
    return row === undefined ? [] : [{ info, row }];
  });
}

const KB = 1_000;
const MB = 1_000_000;

/** "214 KB", "1.2 MB": decimal, as phones count. */
export function sizeWords(bytes: number): string {
  if (bytes < KB) return `${bytes} bytes`;
  if (bytes < MB) return `${Math.round(bytes / KB)} KB`;
  return `${(bytes / MB).toFixed(1)} MB`;
}

/** Images that a browser draws safely from a blob; SVG is not among them, for it is a document. */
const PREVIEWED = new Set(["image/png", "image/jpeg", "image/gif", "image/webp", "image/avif", "image/bmp"]);

export function canPreview(info: AttachmentInfo): boolean {
  return PREVIEWED.has(info.type);
}

/** A file name that an operating system takes, and that shows its true ending. */
export function safeFileName(name: string): string {
  // Controls and direction marks hide a file's ending ("report‮fdp.exe").
  const cleaned = name
    .replaceAll(/[\p{Cc}\p{Cf}]/gu, "")
    .replaceAll(/[/\\:*?"<>|]/g, "_")
    .trim();
  return cleaned === "" || /^\.+$/.test(cleaned) ? "attachment" : cleaned;
}
