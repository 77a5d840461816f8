/**
 * The primitives on node:crypto, for the gateway alone: synchronous, so that sealing costs mathematics and no waiting.
 *
 * The same interface as `webCryptoPrimitives`; tests open with each what the other sealed.
 */
import {
  createHash,
  createHmac,
  createSecretKey,
  hash,
  hkdfSync,
  type KeyObject,
  randomBytes,
  sign,
  verify,
} from "node:crypto";
import type { Bytes } from "@sealpost/shared/bytes.ts";
import type {
  BareKey,
  HpkeOpening,
  HpkeSealed,
  HpkeSealing,
  KeyPair,
  Primitives,
  PrivateKey,
  RunningHash,
  SigningKey,
} from "@sealpost/shared/crypto/primitives.ts";
import { importAead } from "./aead.ts";
import { generateBareKey, importPublicKey, type PublicKey, plainBytes, privateKeyObject } from "./curve.ts";
import { AES_256_GCM, type OwnKey, setupRecipient, setupSender } from "./hpke.ts";

/** WebCrypto's form of an ECDSA signature: r|s. */
const R_S = "ieee-p1363";

/** Recipients whose keys are kept imported: 30 of 150 µs for each who gets another message. A kilobyte each. */
const KEPT_RECIPIENTS = 2_000;

export function nativePrimitives(keptRecipients = KEPT_RECIPIENTS): Primitives {
  const recipients = keeping(importPublicKey, keptRecipients);
  return {
    randomBytes: (length) => plainBytes(randomBytes(length)),
    sha256: (bytes) => plainBytes(hash("sha256", bytes, "buffer")),
    startSha256,
    hmacSha256: (key, bytes) => plainBytes(createHmac("sha256", createSecretKey(key)).update(bytes).digest()),
    hkdfSha256: ({ secret, salt, info, length }) =>
      new Uint8Array(hkdfSync("sha256", createSecretKey(secret), salt, info, length)),
    importAead: (key) => importAead("aes-256-gcm", key),
    hpkeSeal: (sealing) => hpkeSeal(sealing, recipients(sealing.to)),
    hpkeOpen,
    generateBareKey,
    importKeyPair,
    importSigningKey,
    sign: (key, bytes) =>
      plainBytes(sign("sha256", bytes, { key: asKeyObject(key.signingKey), dsaEncoding: R_S })),
    verify: verifySignature,
  };
}

function startSha256(): RunningHash {
  const running = createHash("sha256");
  return { update: (bytes) => void running.update(bytes), digest: () => plainBytes(running.digest()) };
}

function hpkeSeal({ from, info, plains }: HpkeSealing, to: PublicKey): HpkeSealed {
  const setup = from === undefined ? { to, info } : { to, info, from: ownKey(from) };
  const { enc, context } = setupSender(AES_256_GCM, setup);
  return { enc, seals: plains.map(({ aad, plain }) => context.seal(aad, plain)) };
}

function hpkeOpen({ to, from, enc, info, seals }: HpkeOpening): readonly Bytes[] | undefined {
  const context = unless(() => {
    const setup = { to: ownKey(to), enc: importPublicKey(enc), info };
    return setupRecipient(
      AES_256_GCM,
      from === undefined ? setup : { ...setup, from: importPublicKey(from) },
    );
  });
  if (context === undefined) return undefined;
  const plains: Bytes[] = [];
  for (const { aad, sealed } of seals) {
    const plain = context.open(aad, sealed);
    if (plain === undefined) return undefined;
    plains.push(plain);
  }
  return plains;
}

function importKeyPair(bare: BareKey): KeyPair | undefined {
  const privateKey = privateKeyObject(bare);
  return privateKey && { privateKey, publicKey: Uint8Array.from(bare.publicKey) };
}

function importSigningKey(bare: BareKey): SigningKey | undefined {
  const signingKey = privateKeyObject(bare);
  return signingKey && { signingKey, publicKey: Uint8Array.from(bare.publicKey) };
}

function verifySignature(check: Parameters<Primitives["verify"]>[0]): boolean {
  const { publicKey, bytes, signature } = check;
  const verified = unless(() =>
    verify("sha256", bytes, { key: importPublicKey(publicKey).object, dsaEncoding: R_S }, signature),
  );
  return verified ?? false;
}

/** Imports each key once, as long as it is among the last so many that were new. */
function keeping(make: (point: Uint8Array) => PublicKey, limit: number): (point: Uint8Array) => PublicKey {
  const kept = new Map<string, PublicKey>();
  return (point) => {
    const name = Buffer.from(point.buffer, point.byteOffset, point.length).toString("latin1");
    const known = kept.get(name);
    if (known !== undefined) return known;
    const made = make(Uint8Array.from(point));
    const [oldest] = kept.keys();
    if (kept.size >= limit && oldest !== undefined) kept.delete(oldest);
    kept.set(name, made);
    return made;
  };
}

function ownKey(pair: KeyPair): OwnKey {
  return { publicKey: pair.publicKey, privateKey: asKeyObject(pair.privateKey) };
}

/** Every private key here came from these primitives, as PrivateKey demands. */
function asKeyObject(key: PrivateKey): KeyObject {
  return key as KeyObject;
}

/** OpenSSL says "no such point" by throwing; here that is an answer, since an attacker can bring it about. */
function unless<T>(attempt: () => T): T | undefined {
  try {
    return attempt();
  } catch {
    return undefined;
  }
}
