/**
 * Parcels: bytes of any length sealed to the gateway's key. Portal mail is sealed in HPKE's auth mode with the sender's account key,
 * so that the gateway knows who wrote it; raw mail that waits in relay_jobs or held_mails is sealed in base mode.
 *
 * Format: 0x01, encapsulation (65), the sealed parcel key (48), then a STREAM under it (with a version byte of its own).
 */
import { type Bytes, concatBytes } from "../bytes.ts";
import { PUBLIC_KEY_BYTES } from "./bare-key.ts";
import { context, type Field, unversioned, versioned } from "./context.ts";
import { MESSAGE_KEY_BYTES, NONCE_BYTES } from "./message-keys.ts";
import { forged, malformed, type Opened, opened } from "./opened.ts";
import type { KeyPair, Primitives } from "./primitives.ts";
import { gather, openStream, type StreamKey, sealStream } from "./stream.ts";

/** What a parcel is for, and which one it is (job id; account id and draft id, …). */
export interface ParcelPlace {
  readonly role: "relay-job" | "held-mail" | "portal-mail";
  readonly ids: readonly Field[];
}

const SEALED_KEY_BYTES = MESSAGE_KEY_BYTES + 16;

export async function sealParcel(
  primitives: Primitives,
  parcel: {
    readonly to: Uint8Array;
    /** Auth mode: the key of who sends it. */
    readonly from?: KeyPair;
    readonly place: ParcelPlace;
    readonly bytes: Uint8Array;
  },
): Promise<Bytes> {
  const place = context(parcel.place.role, ...parcel.place.ids);
  const plain = primitives.randomBytes(MESSAGE_KEY_BYTES);
  const { to, from } = parcel;
  const sealing = { to, info: place, plains: [{ aad: place, plain }] };
  const { enc, seals } = await primitives.hpkeSeal(from === undefined ? sealing : { ...sealing, from });
  const content = await gather(sealStream(await streamKey(primitives, plain, place), [parcel.bytes]));
  return versioned(enc, ...seals, content);
}

/** Opens a parcel; in auth mode (`from`) only one that the owner of that public key sealed. */
export async function openParcel(
  primitives: Primitives,
  parcel: {
    readonly to: KeyPair;
    readonly from?: Uint8Array;
    readonly place: ParcelPlace;
    readonly sealed: Uint8Array;
  },
): Promise<Opened<Bytes>> {
  const blob = unversioned(parcel.sealed, "parcel");
  if (blob.kind !== "opened") return blob;
  const contentAt = PUBLIC_KEY_BYTES + SEALED_KEY_BYTES;
  if (blob.value.length < contentAt) return malformed("parcel");
  const place = context(parcel.place.role, ...parcel.place.ids);
  const { to, from } = parcel;
  const opening = {
    to,
    enc: blob.value.subarray(0, PUBLIC_KEY_BYTES),
    info: place,
    seals: [{ aad: place, sealed: blob.value.subarray(PUBLIC_KEY_BYTES, contentAt) }],
  };
  const keys = await primitives.hpkeOpen(from === undefined ? opening : { ...opening, from });
  if (keys?.[0] === undefined) return forged("parcel");
  const key = await streamKey(primitives, keys[0], place);
  const pieces: Bytes[] = [];
  for await (const chunk of openStream(key, [blob.value.subarray(contentAt)], "parcel")) {
    if (chunk.kind !== "chunk") return chunk;
    pieces.push(chunk.bytes);
  }
  return opened(concatBytes(...pieces));
}

/** The parcel key is new each time, so the nonce may be all zeros. */
async function streamKey(primitives: Primitives, key: Uint8Array, place: Uint8Array): Promise<StreamKey> {
  return { aead: await primitives.importAead(key), nonce: new Uint8Array(NONCE_BYTES), place };
}
