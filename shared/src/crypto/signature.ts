/**
 * Signatures of the deployment (ECDSA P-256, SHA-256): over the immutable part of a message, over keys (attestations), and over the
 * kicks that wake edge functions. Each says in its signed bytes what it is, so that none can stand in for another.
 */
import { type Bytes, fromB64Url, toB64Url } from "../bytes.ts";
import { type Controls, canonicalControls } from "../wire/controls.ts";
import { context, unversioned, versioned } from "./context.ts";
import { forged, type Opened, opened } from "./opened.ts";
import type { Primitives, SigningKey } from "./primitives.ts";

/** An attachment as the signature names it. `size` is of the plaintext, `sha256` of the ciphertext. */
export interface SignedAttachment {
  readonly id: string;
  readonly part: number;
  readonly sha256: Uint8Array;
  readonly size: number;
}

/** What never changes in a message. No recipients: a Bcc stays hidden. */
export interface Signed {
  readonly deploymentId: string;
  readonly messageId: string;
  readonly ownerAccountId: string;
  readonly threadId: string;
  readonly createdAtMs: number;
  /** No later expiry is ever honoured; null: the organisation allows one that never expires. */
  readonly latestExpiryMs: number | null;
  readonly controls: Controls;
  readonly headerSha256: Uint8Array;
  readonly bodySha256: Uint8Array;
  /** Of `attachmentsDigest`, so that a list can verify a header without naming every attachment. */
  readonly attachmentsSha256: Uint8Array;
}

/** 0x01 and the signature, 65 bytes. */
export async function signMessage(primitives: Primitives, key: SigningKey, signed: Signed): Promise<Bytes> {
  return versioned(await primitives.sign(key, signedBytes(signed)));
}

/** Whether the deployment signed exactly this. */
export async function verifyMessage(
  primitives: Primitives,
  signingPublicKey: Uint8Array,
  claim: { readonly signed: Signed; readonly signature: Uint8Array },
): Promise<Opened<Signed>> {
  const { signed, signature } = claim;
  const valid = await check(primitives, {
    publicKey: signingPublicKey,
    signature,
    bytes: signedBytes(signed),
  });
  return valid.kind === "opened" ? opened(signed) : valid;
}

/** The digest of a message's attachments, in the order of their parts whatever order they come in. */
export async function attachmentsDigest(
  primitives: Primitives,
  attachments: readonly SignedAttachment[],
): Promise<Bytes> {
  const inOrder = [...attachments].sort((a, b) => a.part - b.part);
  const fields = inOrder.flatMap(({ id, part, sha256, size }) => [id, part, sha256, size]);
  return await primitives.sha256(context("attachments", ...fields));
}

/** A public key and whose it is. The gateway attests it when it makes it. */
export interface Attested {
  readonly kind: "account" | "mailbox";
  readonly id: string;
  /** Normalised. */
  readonly address: string;
  readonly publicKey: Uint8Array;
  readonly keyVersion: number;
}

/** 0x01 and the signature, 65 bytes. */
export async function attest(primitives: Primitives, key: SigningKey, attested: Attested): Promise<Bytes> {
  return versioned(await primitives.sign(key, attestedBytes(attested)));
}

/** Whether the deployment attested exactly this key to exactly this owner. */
export async function verifyAttestation(
  primitives: Primitives,
  signingPublicKey: Uint8Array,
  claim: { readonly attested: Attested; readonly attestation: Uint8Array },
): Promise<Opened<Attested>> {
  const { attested, attestation: signature } = claim;
  const bytes = attestedBytes(attested);
  const valid = await check(primitives, { publicKey: signingPublicKey, signature, bytes });
  return valid.kind === "opened" ? opened(attested) : valid;
}

/** The header in which a kick is carried, and for how long one is accepted either side of its time. */
export const KICK_HEADER = "x-sealpost-kick";
export const KICK_LIFE_MS = 120_000;

/** Value of the kick header for the edge function of that name: base64url of the time (ms), a dot, base64url of the signature. */
export async function signKick(
  primitives: Primitives,
  key: SigningKey,
  kick: { readonly name: string; readonly atMs: number },
): Promise<string> {
  const time = new TextEncoder().encode(String(kick.atMs));
  const signature = versioned(await primitives.sign(key, context("kick", kick.name, kick.atMs)));
  return `${toB64Url(time)}.${toB64Url(signature)}`;
}

/** Whether a kick is the gateway's, for this function, and of now. */
export async function verifyKick(
  primitives: Primitives,
  signingPublicKey: Uint8Array,
  kick: { readonly name: string; readonly header: string; readonly nowMs: number },
): Promise<{ kind: "accepted" } | { kind: "refused" }> {
  const [time = "", signatureText = "", ...more] = kick.header.split(".");
  const atMs = Number(new TextDecoder().decode(fromB64Url(time) ?? new Uint8Array()));
  const signature = fromB64Url(signatureText);
  const timely = Number.isSafeInteger(atMs) && atMs > 0 && Math.abs(kick.nowMs - atMs) <= KICK_LIFE_MS;
  if (!timely || signature === undefined || more.length > 0) return { kind: "refused" };
  const bytes = context("kick", kick.name, atMs);
  const valid = await check(primitives, { publicKey: signingPublicKey, signature, bytes });
  return { kind: valid.kind === "opened" ? "accepted" : "refused" };
}

async function check(
  primitives: Primitives,
  claim: { readonly publicKey: Uint8Array; readonly signature: Uint8Array; readonly bytes: Uint8Array },
): Promise<Opened<true>> {
  const bare = unversioned(claim.signature, "signature");
  if (bare.kind !== "opened") return bare;
  const valid = await primitives.verify({ ...claim, signature: bare.value });
  return valid ? opened(true) : forged("signature");
}

function signedBytes(signed: Signed): Bytes {
  return context(
    "message",
    signed.deploymentId,
    signed.messageId,
    signed.ownerAccountId,
    signed.threadId,
    signed.createdAtMs,
    signed.latestExpiryMs ?? "never",
    canonicalControls(signed.controls),
    signed.headerSha256,
    signed.bodySha256,
    signed.attachmentsSha256,
  );
}

function attestedBytes(attested: Attested): Bytes {
  const { kind, id, address, publicKey, keyVersion } = attested;
  return context("attest", kind, id, address, publicKey, keyVersion);
}
