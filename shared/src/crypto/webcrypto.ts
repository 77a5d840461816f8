/**
 * The primitives on WebCrypto, for browsers, Deno and Node; HPKE by `@hpke/core`. The only file that calls `crypto.subtle`.
 *
 * `@hpke/core` takes WebCrypto from `globalThis`, so the instance passed in must be that one: a stand-in (webcrypto-liner) is
 * put there first. [Note: One WebCrypto]
 */
import { Aes256Gcm, CipherSuite, DhkemP256HkdfSha256, HkdfSha256 } from "@hpke/core";
import { createSHA256 } from "hash-wasm";
import { type Bytes, equalBytes, fromB64Url } from "../bytes.ts";
import { PUBLIC_KEY_BYTES, SCALAR_BYTES, toPkcs8 } from "./bare-key.ts";
import type {
  Aead,
  BareKey,
  Derivation,
  HpkeOpening,
  HpkeSealed,
  HpkeSealing,
  KeyPair,
  Primitives,
  PrivateKey,
  RunningHash,
  SigningKey,
} from "./primitives.ts";

const ECDH = { name: "ECDH", namedCurve: "P-256" };
const ECDSA = { name: "ECDSA", namedCurve: "P-256" };
const ECDSA_SHA256 = { name: "ECDSA", hash: "SHA-256" };

/** Primitives over a WebCrypto, which must be the global one. Throws where that lacks `subtle` (an insecure context). */
export function webCryptoPrimitives(webcrypto: Crypto): Primitives {
  const subtle: SubtleCrypto | undefined = webcrypto.subtle;
  if (subtle === undefined)
    throw new Error("this page's WebCrypto has no subtle: it is not a secure context");
  if (globalThis.crypto?.subtle !== subtle) throw new Error("the WebCrypto given is not the global one");
  const suite = new CipherSuite({
    kem: new DhkemP256HkdfSha256(),
    kdf: new HkdfSha256(),
    aead: new Aes256Gcm(),
  });
  return {
    randomBytes: (length) => webcrypto.getRandomValues(new Uint8Array(length)),
    sha256: async (bytes) => new Uint8Array(await subtle.digest("SHA-256", own(bytes))),
    startSha256,
    hmacSha256: (key, bytes) => hmacSha256(subtle, key, bytes),
    hkdfSha256: (derivation) => hkdfSha256(subtle, derivation),
    importAead: (key) => importAead(subtle, key),
    hpkeSeal: (sealing) => hpkeSeal(subtle, suite, sealing),
    hpkeOpen: (opening) => hpkeOpen(subtle, suite, opening),
    generateBareKey: () => generateBareKey(subtle),
    importKeyPair: (bare) => importKeyPair(subtle, bare),
    importSigningKey: (bare) => importSigningKey(subtle, bare),
    sign: (key, bytes) => sign(subtle, key, bytes),
    verify: (check) => verify(subtle, check),
  };
}

async function startSha256(): Promise<RunningHash> {
  const hash = await createSHA256();
  return {
    update: (bytes) => void hash.update(bytes),
    digest: () => Uint8Array.from(hash.digest("binary")),
  };
}

async function hmacSha256(subtle: SubtleCrypto, key: Uint8Array, bytes: Uint8Array): Promise<Bytes> {
  const hmac = { name: "HMAC", hash: "SHA-256" };
  const imported = await subtle.importKey("raw", own(key), hmac, false, ["sign"]);
  return new Uint8Array(await subtle.sign("HMAC", imported, own(bytes)));
}

async function hkdfSha256(subtle: SubtleCrypto, derivation: Derivation): Promise<Bytes> {
  const { secret, salt, info, length } = derivation;
  const key = await subtle.importKey("raw", own(secret), "HKDF", false, ["deriveBits"]);
  const hkdf = { name: "HKDF", hash: "SHA-256", salt: own(salt), info: own(info) };
  return new Uint8Array(await subtle.deriveBits(hkdf, key, length * 8));
}

async function importAead(subtle: SubtleCrypto, keyBytes: Uint8Array): Promise<Aead> {
  const key = await subtle.importKey("raw", own(keyBytes), "AES-GCM", false, ["encrypt", "decrypt"]);
  const gcm = (nonce: Uint8Array, aad: Uint8Array): AesGcmParams => ({
    name: "AES-GCM",
    iv: own(nonce),
    additionalData: own(aad),
  });
  return {
    seal: async (nonce, aad, plain) => new Uint8Array(await subtle.encrypt(gcm(nonce, aad), key, own(plain))),
    open: async (nonce, aad, sealed) => {
      const plain = await unless(() => subtle.decrypt(gcm(nonce, aad), key, own(sealed)));
      return plain && new Uint8Array(plain);
    },
  };
}

async function hpkeSeal(subtle: SubtleCrypto, suite: CipherSuite, sealing: HpkeSealing): Promise<HpkeSealed> {
  const sender = await suite.createSenderContext({
    recipientPublicKey: await importPublicKey(subtle, sealing.to),
    info: own(sealing.info),
    ...(sealing.from && { senderKey: await handles(subtle, sealing.from) }),
  });
  const seals: Bytes[] = [];
  for (const { aad, plain } of sealing.plains) {
    seals.push(new Uint8Array(await sender.seal(own(plain), own(aad))));
  }
  return { enc: new Uint8Array(sender.enc), seals };
}

/** The pair goes in whole: from a private key alone, `@hpke/core` may guess the wrong half of the public one. */
async function hpkeOpen(
  subtle: SubtleCrypto,
  suite: CipherSuite,
  opening: HpkeOpening,
): Promise<readonly Bytes[] | undefined> {
  return await unless(async () => {
    const recipient = await suite.createRecipientContext({
      recipientKey: await handles(subtle, opening.to),
      enc: own(opening.enc),
      info: own(opening.info),
      ...(opening.from && { senderPublicKey: await importPublicKey(subtle, opening.from) }),
    });
    const plains: Bytes[] = [];
    for (const { aad, sealed } of opening.seals) {
      plains.push(new Uint8Array(await recipient.open(own(sealed), own(aad))));
    }
    return plains;
  });
}

async function generateBareKey(subtle: SubtleCrypto): Promise<BareKey> {
  const pair = (await subtle.generateKey(ECDH, true, ["deriveBits"])) as CryptoKeyPair;
  const jwk = await subtle.exportKey("jwk", pair.privateKey);
  const scalar = fromB64Url(jwk.d ?? "");
  if (scalar?.length !== SCALAR_BYTES) throw new Error("WebCrypto exported a key of another curve");
  return { scalar, publicKey: new Uint8Array(await subtle.exportKey("raw", pair.publicKey)) };
}

async function importKeyPair(subtle: SubtleCrypto, bare: BareKey): Promise<KeyPair | undefined> {
  return await unless(async () => {
    const privateKey = await subtle.importKey("pkcs8", toPkcs8(bare), ECDH, false, ["deriveBits"]);
    const publicKey = await importPublicKey(subtle, bare.publicKey);
    if (!(await agree(subtle, privateKey, publicKey))) return undefined;
    return { privateKey: privateKey as PrivateKey, publicKey: Uint8Array.from(bare.publicKey) };
  });
}

/** Whether both halves come to the same secret with a key that was made for this question: engines need not check. */
async function agree(subtle: SubtleCrypto, privateKey: CryptoKey, publicKey: CryptoKey): Promise<boolean> {
  const probe = (await subtle.generateKey(ECDH, false, ["deriveBits"])) as CryptoKeyPair;
  const ours = await subtle.deriveBits({ name: "ECDH", public: probe.publicKey }, privateKey, 256);
  const theirs = await subtle.deriveBits({ name: "ECDH", public: publicKey }, probe.privateKey, 256);
  return equalBytes(new Uint8Array(ours), new Uint8Array(theirs));
}

async function importSigningKey(subtle: SubtleCrypto, bare: BareKey): Promise<SigningKey | undefined> {
  return await unless(async () => {
    const handle = await subtle.importKey("pkcs8", toPkcs8(bare), ECDSA, false, ["sign"]);
    const key = { signingKey: handle as PrivateKey, publicKey: Uint8Array.from(bare.publicKey) };
    const probe = { publicKey: key.publicKey, signature: await sign(subtle, key, PROBE), bytes: PROBE };
    return (await verify(subtle, probe)) ? key : undefined;
  });
}

const PROBE = new TextEncoder().encode("sealpost/v1/probe");

async function sign(subtle: SubtleCrypto, key: SigningKey, bytes: Uint8Array): Promise<Bytes> {
  return new Uint8Array(await subtle.sign(ECDSA_SHA256, key.signingKey as CryptoKey, own(bytes)));
}

async function verify(subtle: SubtleCrypto, check: Parameters<Primitives["verify"]>[0]): Promise<boolean> {
  const verified = await unless(async () => {
    const key = await subtle.importKey("raw", own(check.publicKey), ECDSA, false, ["verify"]);
    return await subtle.verify(ECDSA_SHA256, key, own(check.signature), own(check.bytes));
  });
  return verified ?? false;
}

async function importPublicKey(subtle: SubtleCrypto, publicKey: Uint8Array): Promise<CryptoKey> {
  if (publicKey.length !== PUBLIC_KEY_BYTES) throw new RangeError("a public key has 65 bytes");
  return await subtle.importKey("raw", own(publicKey), ECDH, true, []);
}

async function handles(subtle: SubtleCrypto, pair: KeyPair): Promise<CryptoKeyPair> {
  return {
    privateKey: pair.privateKey as CryptoKey,
    publicKey: await importPublicKey(subtle, pair.publicKey),
  };
}

/** WebCrypto says "no" by throwing. Here that is an answer: whatever an attacker can bring about is not an exception. */
async function unless<T>(attempt: () => Promise<T>): Promise<T | undefined> {
  try {
    return await attempt();
  } catch {
    return undefined;
  }
}

/** TypeScript's BufferSource excludes shared memory; ours never is. Views stay views: nothing is copied. */
function own(bytes: Uint8Array): Bytes {
  return bytes as Bytes;
}
