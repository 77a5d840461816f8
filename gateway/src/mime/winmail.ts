/** placeholder replaced below */
import type { AttachmentDraft } from "./leaf.ts";
export type Winmail = { text: string | null; html: string | null; attachments: AttachmentDraft[] };
export function readWinmail(_bytes: Buffer): Winmail | null {
  return null;
}
