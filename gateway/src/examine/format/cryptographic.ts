/**
 * Encrypted and signed files, by the first bytes of their envelopes; their contents are never touched.
 */

export type CryptographicType = "smime-encrypted" | "smime-signed" | "smime-signature" | "pgp-encrypted";

/** PKCS #7 content types, 1.2.840.113549.1.7.x, without their last number (RFC 5652). */
const PKCS7 = Buffer.from("06092a864886f70d0107", "hex");
const DATA = Buffer.concat([PKCS7, Buffer.from([1])]);
const SEQUENCE = 0x30;
const ENVELOPED = 3;
const SIGNED = 2;
const CONTENT = 0xa0;

/** Null when it is neither. */
export function cryptographicType(bytes: Buffer): CryptographicType | null {
  const head = bytes.subarray(0, 256);
  const at = head[0] === SEQUENCE ? head.subarray(0, 40).indexOf(PKCS7) : -1;
  if (at !== -1) {
    const kind = head[at + PKCS7.length];
    if (kind === ENVELOPED) return "smime-encrypted";
    if (kind === SIGNED)
      return isDetached(head.subarray(at + PKCS7.length + 1)) ? "smime-signature" : "smime-signed";
  }
  return isPgpSession(head) ? "pgp-encrypted" : null;
}

/** A signature that stands beside what it signs has the type "data", and no content after it. */
function isDetached(rest: Buffer): boolean {
  const data = rest.indexOf(DATA);
  return data !== -1 && rest[data + DATA.length] !== CONTENT;
}

/** The first packet holds a session key for a public key (tag 1, version 3 or 6) or a password (tag 3; RFC 9580). */
function isPgpSession(head: Buffer): boolean {
  const [tag = 0, length = 0] = head;
  const isNew = (tag & 0xc0) === 0xc0;
  const kind = isNew ? tag & 0x3f : (tag & 0x3c) >> 2;
  if ((tag & 0x80) === 0 || (kind !== 1 && kind !== 3)) return false;
  const lengthBytes = isNew ? (length < 192 ? 1 : 2) : 1 << (tag & 3);
  const version = head[1 + lengthBytes] ?? 0;
  return kind === 1 ? version === 3 || version === 6 : version >= 4 && version <= 6;
}
