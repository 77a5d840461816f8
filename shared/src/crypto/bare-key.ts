/**
 * Bare keys: the one PKCS #8 form of a P-256 private key (RFC 5208 with RFC 5915, public key included: 138 bytes).
 *
 * That form is what Node, Deno and browsers export, and the only one that every engine imports (Safari refuses a key without
 * its public half). Reads no other form, so that there is nothing to parse.
 */
import { type Bytes, concatBytes, equalBytes } from "../bytes.ts";
import type { BareKey } from "./primitives.ts";

/** Bytes of a scalar, and of an uncompressed point. */
export const SCALAR_BYTES = 32;
export const PUBLIC_KEY_BYTES = 65;

// biome-ignore format: bytes by their DER element
const BEFORE_SCALAR = Uint8Array.of(
  0x30, 0x81, 0x87,
    0x02, 0x01, 0x00,
    0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01,
                0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07,
    0x04, 0x6d,
      0x30, 0x6b, 0x02, 0x01, 0x01, 0x04, 0x20,
);
const BEFORE_POINT = Uint8Array.of(0xa1, 0x44, 0x03, 0x42, 0x00);
const POINT_AT = BEFORE_SCALAR.length + SCALAR_BYTES + BEFORE_POINT.length;

/** The PKCS #8 bytes of a bare key. */
export function toPkcs8(bare: BareKey): Bytes {
  return concatBytes(BEFORE_SCALAR, bare.scalar, BEFORE_POINT, bare.publicKey);
}

/** The bare key of PKCS #8 bytes in exactly this form, or undefined. Whether its halves belong together shows at import. */
export function fromPkcs8(pkcs8: Uint8Array): BareKey | undefined {
  if (pkcs8.length !== POINT_AT + PUBLIC_KEY_BYTES) return undefined;
  const scalar = pkcs8.slice(BEFORE_SCALAR.length, BEFORE_SCALAR.length + SCALAR_BYTES);
  const bare = { scalar: Uint8Array.from(scalar), publicKey: Uint8Array.from(pkcs8.slice(POINT_AT)) };
  return equalBytes(toPkcs8(bare), pkcs8) ? bare : undefined;
}
