/**
 * Primitives: the standard operations that every sealed shape of Sealpost is made of.
 *
 * Two implementations, cross-checked by the same vectors: `webcrypto.ts` here (browsers, Deno, Node) and the gateway's native
 * one. Whatever is written in terms of them (keys, parts, signatures, messages) exists once. They know nothing of messages.
 */
import type { Bytes } from "../bytes.ts";

/** Native primitives answer at once, WebCrypto by a promise; callers always await. */
export type Awaitable<T> = T | Promise<T>;

/** A private key that can be used and not read. Only the primitives that made it can use it; IndexedDB may hold it. */
export interface PrivateKey {
  readonly type: string;
}

/** A P-256 pair for HPKE. `publicKey` is the uncompressed point, 65 bytes. */
export interface KeyPair {
  readonly publicKey: Bytes;
  readonly privateKey: PrivateKey;
}

/** A P-256 key for ECDSA with SHA-256, with its public half (65 bytes). */
export interface SigningKey {
  readonly publicKey: Bytes;
  readonly signingKey: PrivateKey;
}

/** A private key laid open: its scalar (32 bytes) with its public key (65 bytes). It exists only to be sealed or imported. */
export interface BareKey {
  readonly scalar: Bytes;
  readonly publicKey: Bytes;
}

/** SHA-256 over what arrives bit by bit. */
export interface RunningHash {
  update(bytes: Uint8Array): void;
  digest(): Bytes;
}

/** AES-256-GCM under one key. A nonce (12 bytes) must never be used twice; associated data is never empty. */
export interface Aead {
  seal(nonce: Uint8Array, aad: Uint8Array, plain: Uint8Array): Awaitable<Bytes>;
  /** The plaintext, or undefined where anything was changed. */
  open(nonce: Uint8Array, aad: Uint8Array, sealed: Uint8Array): Awaitable<Bytes | undefined>;
}

/** HPKE to `to`; with `from` in auth mode. Every entry of `plains` is sealed in order under the one encapsulation. */
export interface HpkeSealing {
  readonly to: Uint8Array;
  readonly from?: KeyPair;
  readonly info: Uint8Array;
  readonly plains: readonly { readonly aad: Uint8Array; readonly plain: Uint8Array }[];
}

/** The opposite of HpkeSealing. Seals must be given in the order in which they were made, from the first. */
export interface HpkeOpening {
  readonly to: KeyPair;
  readonly from?: Uint8Array;
  readonly enc: Uint8Array;
  readonly info: Uint8Array;
  readonly seals: readonly { readonly aad: Uint8Array; readonly sealed: Uint8Array }[];
}

/** What HPKE gives: the encapsulated key (65 bytes) and one ciphertext for each plaintext (16 bytes longer). */
export interface HpkeSealed {
  readonly enc: Bytes;
  readonly seals: readonly Bytes[];
}

/** HKDF-SHA256 (RFC 5869), extract and expand. `length` in bytes. */
export interface Derivation {
  readonly secret: Uint8Array;
  readonly salt: Uint8Array;
  readonly info: Uint8Array;
  readonly length: number;
}

export interface Primitives {
  randomBytes(length: number): Bytes;
  sha256(bytes: Uint8Array): Awaitable<Bytes>;
  startSha256(): Awaitable<RunningHash>;
  hmacSha256(key: Uint8Array, bytes: Uint8Array): Awaitable<Bytes>;
  hkdfSha256(derivation: Derivation): Awaitable<Bytes>;
  importAead(key: Uint8Array): Awaitable<Aead>;

  /** HPKE (RFC 9180) with DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-256-GCM. Throws where `to` is not a point of the curve. */
  hpkeSeal(sealing: HpkeSealing): Awaitable<HpkeSealed>;
  /** The plaintexts, or undefined where a key, the info, associated data or a ciphertext is not the one that was sealed. */
  hpkeOpen(opening: HpkeOpening): Awaitable<readonly Bytes[] | undefined>;

  generateBareKey(): Awaitable<BareKey>;
  /** An unreadable (non-extractable) pair, or undefined where the scalar does not belong to the public key. */
  importKeyPair(bare: BareKey): Awaitable<KeyPair | undefined>;
  importSigningKey(bare: BareKey): Awaitable<SigningKey | undefined>;
  /** ECDSA P-256 with SHA-256, as r|s, 64 bytes. */
  sign(key: SigningKey, bytes: Uint8Array): Awaitable<Bytes>;
  /** False for any signature, key or bytes that do not belong together, well-formed or not. */
  verify(check: {
    readonly publicKey: Uint8Array;
    readonly signature: Uint8Array;
    readonly bytes: Uint8Array;
  }): Awaitable<boolean>;
}
