/**
 * HPKE (RFC 9180) over node:crypto: DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-GCM, modes base and auth. Synchronous, since the many
 * small waits of WebCrypto cost the gateway more than the mathematics.
 *
 * Nothing but this standard: checked against the RFC's vectors, cross-opened with `@hpke/core` in tests.
 */
import { createHmac, createSecretKey, type KeyObject } from "node:crypto";
import { type Bytes, concatBytes, utf8 } from "@sealpost/shared/bytes.ts";
import { type GcmCipher, importAead, type NativeAead } from "./aead.ts";
import { agree, type Ephemeral, makeEphemeral, plainBytes } from "./curve.ts";

/** A suite by its AEAD, the one thing that differs between the RFC's vectors and ours. */
export interface HpkeSuite {
  readonly cipher: GcmCipher;
  readonly keyBytes: number;
  readonly suiteId: Bytes;
}

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

const HASH_BYTES = 32;
const NONCE_BYTES = 12;
const VERSION_LABEL = utf8("HPKE-v1");
const KEM_SUITE_ID = concatBytes(utf8("KEM"), uint16(0x0010));
const NO_BYTES = new Uint8Array();
/** Extract without a salt: a key of zeros (RFC 5869 section 2.2). */
const NO_SALT = new Uint8Array(HASH_BYTES);
const MODE_BASE = 0x00;
const MODE_AUTH = 0x02;

/** SetupBaseS, or SetupAuthS where `from` is given. Throws where `to` is no point of the curve. */
export function setupSender(
  suite: HpkeSuite,
  setup: {
    readonly to: Uint8Array;
    readonly from?: OwnKey;
    readonly info: Uint8Array;
    readonly ephemeral?: Ephemeral;
  },
): { readonly enc: Bytes; readonly context: HpkeContext } {
  const { to, from, info } = setup;
  const ephemeral = setup.ephemeral ?? makeEphemeral();
  const enc = ephemeral.publicKey;
  const first = ephemeral.agree(to);
  const dh = from === undefined ? first : concatBytes(first, agree(from.privateKey, to));
  const kemContext = concatBytes(enc, to, from?.publicKey ?? NO_BYTES);
  const mode = from === undefined ? MODE_BASE : MODE_AUTH;
  return { enc, context: keySchedule(suite, mode, { secret: sharedSecret(dh, kemContext), info }) };
}

/** SetupBaseR, or SetupAuthR where `from` is given. Throws where `enc` or `from` is no point of the curve. */
export function setupRecipient(
  suite: HpkeSuite,
  setup: {
    readonly to: OwnKey;
    readonly from?: Uint8Array;
    readonly enc: Uint8Array;
    readonly info: Uint8Array;
  },
): HpkeContext {
  const { to, from, enc, info } = setup;
  const first = agree(to.privateKey, enc);
  const dh = from === undefined ? first : concatBytes(first, agree(to.privateKey, from));
  const kemContext = concatBytes(enc, to.publicKey, from ?? NO_BYTES);
  const mode = from === undefined ? MODE_BASE : MODE_AUTH;
  return keySchedule(suite, mode, { secret: sharedSecret(dh, kemContext), info });
}

/** ExtractAndExpand of DHKEM, section 4.1. */
function sharedSecret(dh: Uint8Array, kemContext: Uint8Array): Bytes {
  const prk = labeledExtract(KEM_SUITE_ID, NO_SALT, { label: "eae_prk", ikm: dh });
  return labeledExpand(KEM_SUITE_ID, prk, { label: "shared_secret", info: kemContext, length: HASH_BYTES });
}

/** KeySchedule without a pre-shared key, section 5.1; the exporter secret is not needed here. */
function keySchedule(
  suite: HpkeSuite,
  mode: number,
  { secret, info }: { readonly secret: Uint8Array; readonly info: Uint8Array },
): HpkeContext {
  const { suiteId } = suite;
  const pskIdHash = labeledExtract(suiteId, NO_SALT, { label: "psk_id_hash", ikm: NO_BYTES });
  const infoHash = labeledExtract(suiteId, NO_SALT, { label: "info_hash", ikm: info });
  const context = concatBytes(Uint8Array.of(mode), pskIdHash, infoHash);
  const prk = labeledExtract(suiteId, secret, { label: "secret", ikm: NO_BYTES });
  const key = labeledExpand(suiteId, prk, { label: "key", info: context, length: suite.keyBytes });
  const nonce = labeledExpand(suiteId, prk, { label: "base_nonce", info: context, length: NONCE_BYTES });
  return sequence(importAead(suite.cipher, key), nonce);
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

function labeledExtract(
  suiteId: Uint8Array,
  salt: Uint8Array,
  { label, ikm }: { readonly label: string; readonly ikm: Uint8Array },
): Bytes {
  return hmac(salt, VERSION_LABEL, suiteId, utf8(label), ikm);
}

/** Expand of at most one hash's length. */
function labeledExpand(
  suiteId: Uint8Array,
  prk: Uint8Array,
  { label, info, length }: { readonly label: string; readonly info: Uint8Array; readonly length: number },
): Bytes {
  const block = hmac(prk, uint16(length), VERSION_LABEL, suiteId, utf8(label), info, Uint8Array.of(1));
  return block.subarray(0, length);
}

function hmac(key: Uint8Array, ...parts: readonly Uint8Array[]): Bytes {
  return plainBytes(
    createHmac("sha256", createSecretKey(key))
      .update(concatBytes(...parts))
      .digest(),
  );
}

function suite(cipher: GcmCipher, keyBytes: number, aeadId: number): HpkeSuite {
  const suiteId = concatBytes(utf8("HPKE"), uint16(0x0010), uint16(0x0001), uint16(aeadId));
  return { cipher, keyBytes, suiteId };
}

function uint16(value: number): Bytes {
  return Uint8Array.of(value >> 8, value & 0xff);
}
