/**
 * One file on its way up: sealed on this device, cut into pieces, each uploaded once. Beginning again with the same file and part
 * gives the same ciphertext, so pieces that are there are not sent again.
 */
import { toB64 } from "@sealpost/shared/bytes.ts";
import { type ContentKey, sealAttachment } from "@sealpost/shared/crypto/attachment.ts";
import type { Primitives } from "@sealpost/shared/crypto/primitives.ts";
import { piecesOf } from "@sealpost/shared/portal-mail/portal-mail.ts";
import { BackendFailure } from "../backend/backend.ts";
import type { PortalMailBackend } from "../backend/portal-mail.ts";

export type UploadOutcome =
  | { kind: "uploaded"; sha256: string; objects: string[] }
  | { kind: "over-quota" }
  | { kind: "too-large" }
  | { kind: "cancelled" }
  | { kind: "offline" }
  | { kind: "failed" };

export interface UploadPorts {
  primitives: Primitives;
  backend: Pick<PortalMailBackend, "reserveUpload" | "upload">;
  signal: AbortSignal;
  /** Told from 0 to 1. */
  onProgress(done: number): void;
}

export interface Uploading {
  /** Whose `messageId` is the draft's id. */
  keys: ContentKey;
  part: number;
  bytes: Uint8Array;
}

/** Sealing is quick beside the network. */
const SEALING_SHARE = 0.1;

export async function uploadFile(ports: UploadPorts, uploading: Uploading): Promise<UploadOutcome> {
  try {
    const { cipher, sha256 } = await sealAttachment(ports.primitives, uploading.keys, uploading);
    ports.onProgress(SEALING_SHARE);
    return await uploadPieces(ports, uploading, { cipher, sha256: toB64(sha256) });
  } catch (thrown) {
    if (!(thrown instanceof BackendFailure)) throw thrown;
    return { kind: thrown.kind === "offline" ? "offline" : "failed" };
  }
}

async function uploadPieces(
  { backend, signal, onProgress }: UploadPorts,
  { keys, part }: Uploading,
  { cipher, sha256 }: { cipher: Uint8Array; sha256: string },
): Promise<UploadOutcome> {
  const pieces = piecesOf(cipher);
  const objects: string[] = [];
  for (const [piece, bytes] of pieces.entries()) {
    if (signal.aborted) return { kind: "cancelled" };
    const place = { portalMailId: keys.messageId, part, piece, cipherBytes: bytes.length };
    const reserved = await backend.reserveUpload(place);
    if (reserved.kind !== "reserved") return { kind: reserved.kind };
    if (!reserved.uploaded) await backend.upload(reserved.name, bytes);
    objects.push(reserved.name);
    onProgress(SEALING_SHARE + (1 - SEALING_SHARE) * (objects.length / pieces.length));
  }
  return signal.aborted ? { kind: "cancelled" } : { kind: "uploaded", sha256, objects };
}
