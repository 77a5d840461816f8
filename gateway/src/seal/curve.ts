/**
 * P-256 by node:crypto: ephemeral agreement, keys in and out of KeyObjects.
 *
 * Points off the curve are refused by OpenSSL, in every function here, by throwing.
 */
import {
  createECDH,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  type KeyObject,
} from "node:crypto";
import { type Bytes, concatBytes } from "@sealpost/shared/bytes.ts";
import { PUBLIC_KEY_BYTES, SCALAR_BYTES, toPkcs8 } from "@sealpost/shared/crypto/bare-key.ts";
import type { BareKey } from "@sealpost/shared/crypto/primitives.ts";

const NODE_NAME = "prime256v1";
/** First byte of an uncompressed point (SEC 1). */
const UNCOMPRESSED = 0x04;

/** SubjectPublicKeyInfo (RFC 5480) of an uncompressed P-256 point, up to the point. */
// biome-ignore format: bytes by their DER element
const BEFORE_POINT = Uint8Array.of(
  0x30, 0x59,
    0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01,
                0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07,
    0x03, 0x42, 0x00,
);

/** A key pair for one encapsulation: KeyObjects, whose agreement costs half of what an ECDH object's does. */
export interface Ephemeral {
  readonly publicKey: Bytes;
  readonly privateKey: KeyObject;
}

export function makeEphemeral(): Ephemeral {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: NODE_NAME });
  const { x = "", y = "" } = publicKey.export({ format: "jwk" });
  const point = new Uint8Array(PUBLIC_KEY_BYTES);
  point[0] = UNCOMPRESSED;
  point.set(Buffer.from(x, "base64url"), 1);
  point.set(Buffer.from(y, "base64url"), 1 + SCALAR_BYTES);
  return { privateKey, publicKey: point };
}

/** The Diffie-Hellman secret (32 bytes). */
export function agree(privateKey: KeyObject, publicKey: KeyObject): Bytes {
  return plainBytes(diffieHellman({ privateKey, publicKey }));
}

export function generateBareKey(): BareKey {
  const ecdh = createECDH(NODE_NAME);
  ecdh.generateKeys();
  const scalar = new Uint8Array(SCALAR_BYTES);
  const unpadded = ecdh.getPrivateKey();
  scalar.set(unpadded, SCALAR_BYTES - unpadded.length);
  return { scalar, publicKey: plainBytes(ecdh.getPublicKey()) };
}

/** The private KeyObject of a bare key, or undefined where its halves do not belong together. */
export function privateKeyObject(bare: BareKey): KeyObject | undefined {
  try {
    const ecdh = createECDH(NODE_NAME);
    ecdh.setPrivateKey(bare.scalar);
    if (!ecdh.getPublicKey().equals(bare.publicKey)) return undefined;
    return createPrivateKey({ key: Buffer.from(toPkcs8(bare)), format: "der", type: "pkcs8" });
  } catch {
    return undefined;
  }
}

/** Somebody else's public key, as the standard writes it and as node:crypto takes it. */
export interface PublicKey {
  readonly point: Uint8Array;
  readonly object: KeyObject;
}

/** Throws for anything but an uncompressed point of the curve. OpenSSL would take other spellings; the standard has one. */
export function importPublicKey(point: Uint8Array): PublicKey {
  if (point.length !== PUBLIC_KEY_BYTES || point[0] !== UNCOMPRESSED) throw new RangeError("not a point");
  const key = Buffer.from(concatBytes(BEFORE_POINT, point));
  return { point, object: createPublicKey({ key, format: "der", type: "spki" }) };
}

/** The bytes of a Buffer as the plain array that the rest of the code means by bytes (a Buffer's `slice` is another one). */
export function plainBytes(buffer: Buffer): Bytes {
  return new Uint8Array(buffer.buffer as ArrayBuffer, buffer.byteOffset, buffer.byteLength);
}
