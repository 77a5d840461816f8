/**
 * HPKE (RFC 9180) over node:crypto: DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-GCM, modes base and auth. Synchronous, since the many
 * small waits of WebCrypto cost the gateway more than the mathematics.
 *
 * Nothing but this standard: checked against the RFC's vectors, cross-opened with `@hpke/core` in tests.
 */
import { createHmac, createSecretKey, type KeyObject } from "node:crypto";
import { type Bytes, concatBytes, utf8 } from "@sealpost/shared/bytes.ts";
import { type GcmCipher, importAead, type NativeAead } from "./aead.ts";
import { agree, type Ephemeral, makeEphemeral, type PublicKey, plainBytes } from "./curve.ts";

/** A suite by its AEAD, the one thing that differs between the RFC's vectors and ours, with its labels worked out. */
export interface HpkeSuite {
  readonly cipher: GcmCipher;
  readonly keyBytes: number;
  readonly pskIdHash: Bytes;
  readonly infoHash: Bytes;
  readonly secret: Bytes;
  readonly key: Bytes;
  readonly baseNonce: Bytes;
}

const HASH_BYTES = 32;
const NONCE_BYTES = 12;
const NO_BYTES = new Uint8Array();
/** Extract without a salt: a key of zeros (RFC 5869 section 2.2). */
const NO_SALT = new Uint8Array(HASH_BYTES);
const FIRST_BLOCK = Uint8Array.of(1);
const MODE_BASE = 0x00;
const MODE_AUTH = 0x02;

const KEM_SUITE = concatBytes(utf8("KEM"), uint16(0x0010));
const EAE_PRK = extractLabel(KEM_SUITE, "eae_prk");
const SHARED_SECRET = expandLabel(KEM_SUITE, "shared_secret", HASH_BYTES);

export const AES_256_GCM: HpkeSuite = suite("aes-256-gcm", 32, 0x0002);
/** Of RFC 9180's appendix A.3, for its vectors. */
export const AES_128_GCM: HpkeSuite = suite("aes-128-gcm", 16, 0x0001);

/** Somebody's own key, with the public half as bytes. */
export interface OwnKey {
  readonly publicKey: Uint8Array;
  readonly privateKey: KeyObject;
}

/** Seals or opens one message after the other under one encapsulation. */
export interface HpkeContext {
  seal(aad: Uint8Array, plain: Uint8Array): Bytes;
  open(aad: Uint8Array, sealed: Uint8Array): Bytes | undefined;
}

/** SetupBaseS, or SetupAuthS where `from` is given. `ephemeral` is given only by tests with the RFC's vectors. */
export function setupSender(
  suite: HpkeSuite,
  setup: {
    readonly to: PublicKey;
    readonly from?: OwnKey;
    readonly info: Uint8Array;
    readonly ephemeral?: Ephemeral;
  },
): { readonly enc: Bytes; readonly context: HpkeContext } {
  const { to, from, info } = setup;
  const ephemeral = setup.ephemeral ?? makeEphemeral();
  const enc = ephemeral.publicKey;
  const first = agree(ephemeral.privateKey, to.object);
  const dh = from === undefined ? first : concatBytes(first, agree(from.privateKey, to.object));
  const kemContext = concatBytes(enc, to.point, from?.publicKey ?? NO_BYTES);
  const mode = from === undefined ? MODE_BASE : MODE_AUTH;
  return { enc, context: keySchedule(suite, mode, { secret: sharedSecret(dh, kemContext), info }) };
}

/** SetupBaseR, or SetupAuthR where `from` is given. */
export function setupRecipient(
  suite: HpkeSuite,
  setup: {
    readonly to: OwnKey;
    readonly from?: PublicKey;
    readonly enc: PublicKey;
    readonly info: Uint8Array;
  },
): HpkeContext {
  const { to, from, enc, info } = setup;
  const first = agree(to.privateKey, enc.object);
  const dh = from === undefined ? first : concatBytes(first, agree(to.privateKey, from.object));
  const kemContext = concatBytes(enc.point, to.publicKey, from?.point ?? NO_BYTES);
  const mode = from === undefined ? MODE_BASE : MODE_AUTH;
  return keySchedule(suite, mode, { secret: sharedSecret(dh, kemContext), info });
}

/** ExtractAndExpand of DHKEM, section 4.1. */
function sharedSecret(dh: Uint8Array, kemContext: Uint8Array): Bytes {
  return expand(extract(NO_SALT, EAE_PRK, dh), SHARED_SECRET, kemContext);
}

/** KeySchedule without a pre-shared key, section 5.1; the exporter secret is not needed here. */
function keySchedule(
  suite: HpkeSuite,
  mode: number,
  { secret, info }: { readonly secret: Uint8Array; readonly info: Uint8Array },
): HpkeContext {
  const context = concatBytes(Uint8Array.of(mode), suite.pskIdHash, extract(NO_SALT, suite.infoHash, info));
  const prk = extract(secret, suite.secret, NO_BYTES);
  const key = expand(prk, suite.key, context).subarray(0, suite.keyBytes);
  const baseNonce = expand(prk, suite.baseNonce, context).subarray(0, NONCE_BYTES);
  return sequence(importAead(suite.cipher, key), baseNonce);
}

/** Section 5.2: the n-th message under the base nonce XOR n. A context is used to seal or to open, and seals few. */
function sequence(aead: NativeAead, baseNonce: Uint8Array): HpkeContext {
  let number = 0;
  const next = (): Bytes => {
    const nonce = Uint8Array.from(baseNonce);
    const view = new DataView(nonce.buffer);
    view.setUint32(NONCE_BYTES - 4, view.getUint32(NONCE_BYTES - 4) ^ number);
    number += 1;
    return nonce;
  };
  return {
    seal: (aad, plain) => aead.seal(next(), aad, plain),
    open: (aad, sealed) => aead.open(next(), aad, sealed),
  };
}

/** LabeledExtract, section 4, with its label worked out. */
function extract(salt: Uint8Array, label: Uint8Array, ikm: Uint8Array): Bytes {
  return plainBytes(createHmac("sha256", createSecretKey(salt)).update(label).update(ikm).digest());
}

/** LabeledExpand, section 4, of one block: the caller takes what it needs of it. */
function expand(prk: Uint8Array, label: Uint8Array, info: Uint8Array): Bytes {
  const hmac = createHmac("sha256", createSecretKey(prk));
  return plainBytes(hmac.update(label).update(info).update(FIRST_BLOCK).digest());
}

function extractLabel(suiteId: Uint8Array, label: string): Bytes {
  return concatBytes(utf8("HPKE-v1"), suiteId, utf8(label));
}

function expandLabel(suiteId: Uint8Array, label: string, length: number): Bytes {
  return concatBytes(uint16(length), extractLabel(suiteId, label));
}

function suite(cipher: GcmCipher, keyBytes: number, aeadId: number): HpkeSuite {
  const id = concatBytes(utf8("HPKE"), uint16(0x0010), uint16(0x0001), uint16(aeadId));
  return {
    cipher,
    keyBytes,
    pskIdHash: extract(NO_SALT, extractLabel(id, "psk_id_hash"), NO_BYTES),
    infoHash: extractLabel(id, "info_hash"),
    secret: extractLabel(id, "secret"),
    key: expandLabel(id, "key", keyBytes),
    baseNonce: expandLabel(id, "base_nonce", NONCE_BYTES),
  };
}

function uint16(value: number): Bytes {
  return Uint8Array.of(value >> 8, value & 0xff);
}
