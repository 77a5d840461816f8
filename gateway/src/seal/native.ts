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
import { generateBareKey, plainBytes, privateKeyObject, publicKeyObject } from "./curve.ts";
import { AES_256_GCM, type OwnKey, setupRecipient, setupSender } from "./hpke.ts";

/** WebCrypto's form of an ECDSA signature: r|s. */
const R_S = "ieee-p1363";

export function nativePrimitives(): Primitives {
  return {
    randomBytes: (length) => plainBytes(randomBytes(length)),
    sha256: (bytes) => plainBytes(hash("sha256", bytes, "buffer")),
    startSha256,
    hmacSha256: (key, bytes) => plainBytes(createHmac("sha256", createSecretKey(key)).update(bytes).digest()),
    hkdfSha256: ({ secret, salt, info, length }) =>
      new Uint8Array(hkdfSync("sha256", createSecretKey(secret), salt, info, length)),
    importAead: (key) => importAead("aes-256-gcm", key),
    hpkeSeal,
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

function hpkeSeal({ to, from, info, plains }: HpkeSealing): HpkeSealed {
  const setup = from === undefined ? { to, info } : { to, info, from: ownKey(from) };
  const { enc, context } = setupSender(AES_256_GCM, setup);
  return { enc, seals: plains.map(({ aad, plain }) => context.seal(aad, plain)) };
}

function hpkeOpen({ to, from, enc, info, seals }: HpkeOpening): readonly Bytes[] | undefined {
  const setup = { to: ownKey(to), enc, info };
  const context = unless(() => setupRecipient(AES_256_GCM, from === undefined ? setup : { ...setup, from }));
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
    verify("sha256", bytes, { key: publicKeyObject(publicKey), dsaEncoding: R_S }, signature),
  );
  return verified ?? false;
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
