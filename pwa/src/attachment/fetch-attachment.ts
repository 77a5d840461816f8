/**
 * Fetches a sealed attachment with progress and opens it: hash of the whole first, then chunk by chunk.
 */
import { fromB64 } from "@sealpost/shared/bytes.ts";
import { openAttachment } from "@sealpost/shared/crypto/attachment.ts";
import type { MessageKeys } from "@sealpost/shared/crypto/message-keys.ts";
import type { Primitives } from "@sealpost/shared/crypto/primitives.ts";
import { streamBytes } from "@sealpost/shared/crypto/stream.ts";
import { type Backend, BackendFailure } from "../backend/backend.ts";
import type { Attachment } from "./attachment.ts";

/** Bytes that are already there arrive without a pause; the page gets its turn after so many of them. */
const YIELD_EVERY = 1_048_576;

export type FetchedAttachment =
  | { kind: "fetched"; blob: Blob }
  | { kind: "altered" }
  | { kind: "cancelled" }
  | { kind: "offline" }
  | { kind: "failed" };

export interface FetchPorts {
  backend: Pick<Backend, "attachment">;
  primitives: Primitives;
  keys: MessageKeys;
  signal: AbortSignal;
  /** Told from 0 to 1. */
  onProgress(done: number): void;
}

export async function fetchAttachment(ports: FetchPorts, attachment: Attachment): Promise<FetchedAttachment> {
  try {
    const cipher = await download(ports, attachment);
    return cipher === undefined ? { kind: "altered" } : await open(ports, attachment, cipher);
  } catch (thrown) {
    if (ports.signal.aborted) return { kind: "cancelled" };
    if (thrown instanceof BackendFailure && thrown.kind !== "offline") return { kind: "failed" };
    // A stream that breaks off throws the browser's own TypeError: the network went away.
    if (thrown instanceof BackendFailure || thrown instanceof TypeError) return { kind: "offline" };
    throw thrown;
  }
}

/** The whole ciphertext, or undefined when it is not as long as was signed for. */
async function download(ports: FetchPorts, { row }: Attachment): Promise<Uint8Array | undefined> {
  const cipher = new Uint8Array(streamBytes(row.size));
  let at = 0;
  let yieldAt = YIELD_EVERY;
  const reader = (await ports.backend.attachment(row, ports.signal)).getReader();
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
    ports.signal.throwIfAborted();
    if (at + piece.value.length > cipher.length) return undefined;
    cipher.set(piece.value, at);
    at += piece.value.length;
    ports.onProgress((at / cipher.length) * 0.9);
    if (at < yieldAt) continue;
    yieldAt = at + YIELD_EVERY;
    await new Promise((done) => setTimeout(done));
  }
  return at === cipher.length ? cipher : undefined;
}

async function open(
  ports: FetchPorts,
  { info, row }: Attachment,
  cipher: Uint8Array,
): Promise<FetchedAttachment> {
  const sha256 = fromB64(row.sha256);
  if (sha256 === undefined) return { kind: "altered" };
  const opened = await openAttachment(ports.primitives, ports.keys, {
    part: info.part,
    cipher,
    sha256,
    size: row.size,
    onBytes: (bytes) => ports.onProgress(0.9 + (bytes / Math.max(1, row.size)) * 0.1),
  });
  ports.signal.throwIfAborted();
  if (opened.kind !== "opened") return { kind: "altered" };
  return { kind: "fetched", blob: new Blob([opened.value], { type: info.type }) };
}
