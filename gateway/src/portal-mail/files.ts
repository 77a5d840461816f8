/**
 * The attachments of a portal mail: those inside its parcel, and those that the device uploaded, fetched and opened here.
 */
import { fromB64 } from "@sealpost/shared/bytes.ts";
import type { ContentKey } from "@sealpost/shared/crypto/attachment.ts";
import { openAttachment } from "@sealpost/shared/crypto/attachment.ts";
import type { Primitives } from "@sealpost/shared/crypto/primitives.ts";
import type { PortalAttachment } from "@sealpost/shared/portal-mail/portal-mail.ts";
import { type OpenedPortalMail, uploadKeyOf } from "@sealpost/shared/portal-mail/seal.ts";
import type { Storage } from "../secure/storage.ts";

export type Files =
  | { kind: "files"; files: ReadonlyMap<number, Uint8Array> }
  /** An upload is not what the mail says it is; `name` is the attachment's. */
  | { kind: "damaged"; name: string };

/** All of them, by part. Throws StorageAway. */
export async function gatherFiles(
  ports: { readonly primitives: Primitives; readonly storage: Pick<Storage, "download"> },
  id: string,
  { mail, small }: OpenedPortalMail,
): Promise<Files> {
  const files = new Map<number, Uint8Array>(small);
  const key = uploadKeyOf(id, mail);
  for (const attachment of mail.attachments) {
    if (attachment.uploaded === null) continue;
    const bytes = key && (await fetchUpload(ports, key, attachment));
    if (bytes === undefined) return { kind: "damaged", name: attachment.name };
    files.set(attachment.part, bytes);
  }
  return { kind: "files", files };
}

async function fetchUpload(
  { primitives, storage }: { readonly primitives: Primitives; readonly storage: Pick<Storage, "download"> },
  key: ContentKey,
  { part, size, uploaded }: PortalAttachment,
): Promise<Uint8Array | undefined> {
  const pieces: Uint8Array[] = [];
  for (const name of uploaded?.objects ?? []) {
    const piece = await storage.download(name);
    if (piece === undefined) return undefined;
    pieces.push(piece);
  }
  const sha256 = fromB64(uploaded?.sha256 ?? "");
  if (sha256 === undefined) return undefined;
  const cipher = Buffer.concat(pieces);
  const opened = await openAttachment(primitives, key, { part, cipher, sha256, size });
  return opened.kind === "opened" ? opened.value : undefined;
}
