/**
 * P-256 by node:crypto: ephemeral agreement, keys in and out of KeyObjects.
 *
 * Points off the curve are refused by OpenSSL, in every function here, by throwing.
 */
import { createECDH, createPrivateKey, createPublicKey, diffieHellman, type KeyObject } from "node:crypto";
import { type Bytes, concatBytes } from "@sealpost/shared/bytes.ts";
import { PUBLIC_KEY_BYTES, SCALAR_BYTES, toPkcs8 } from "@sealpost/shared/crypto/bare-key.ts";
import type { BareKey } from "@sealpost/shared/crypto/primitives.ts";

const NODE_NAME = "prime256v1";

/** SubjectPublicKeyInfo (RFC 5480) of an uncompressed P-256 point, up to the point. */
// biome-ignore format: bytes by their DER element
const BEFORE_POINT = Uint8Array.of(
  0x30, 0x59,
    0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01,
                0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07,
    0x03, 0x42, 0x00,
);

/** A key pair for one encapsulation. */
export interface Ephemeral {
  readonly publicKey: Bytes;
  agree(publicKey: Uint8Array): Bytes;
}

/** A fresh ephemeral pair; of a given scalar only in tests, with RFC vectors. */
export function makeEphemeral(scalar?: Uint8Array): Ephemeral {
  const ecdh = createECDH(NODE_NAME);
  if (scalar === undefined) ecdh.generateKeys();
  else ecdh.setPrivateKey(scalar);
  return {
    publicKey: plainBytes(ecdh.getPublicKey()),
    agree: (publicKey) => plainBytes(ecdh.computeSecret(uncompressed(publicKey))),
  };
}

/** The Diffie-Hellman secret (32 bytes) of a private key and a point. */
export function agree(privateKey: KeyObject, publicKey: Uint8Array): Bytes {
  return plainBytes(diffieHellman({ privateKey, publicKey: publicKeyObject(publicKey) }));
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

/** Throws for anything but an uncompressed point of the curve. */
export function publicKeyObject(point: Uint8Array): KeyObject {
  const key = Buffer.from(concatBytes(BEFORE_POINT, uncompressed(point)));
  return createPublicKey({ key, format: "der", type: "spki" });
}

/** OpenSSL would take other spellings of a point, too; the standard has one. */
function uncompressed(point: Uint8Array): Uint8Array {
  if (point.length === PUBLIC_KEY_BYTES && point[0] === 0x04) return point;
  throw new RangeError("not an uncompressed point");
}

/** The bytes of a Buffer as the plain array that the rest of the code means by bytes (a Buffer's `slice` is another one). */
export function plainBytes(buffer: Buffer): Bytes {
  return new Uint8Array(buffer.buffer as ArrayBuffer, buffer.byteOffset, buffer.byteLength);
}
