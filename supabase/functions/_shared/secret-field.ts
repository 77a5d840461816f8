/** The fields of a portal call that carry a person's secrets, checked for their shape before anything is done with them. */
import { normaliseAddress } from "@sealpost/shared/address.ts";
import { type Bytes, fromB64 } from "@sealpost/shared/bytes.ts";
import { MalformedCall, type PortalCall } from "./portal-call.ts";

/** RFC 5321: a path has at most 256 octets; spellings before normalisation get some room. */
const LONGEST_ADDRESS = 320;

/** The sign-in secret that `passwordSecrets` gives: 32 bytes, in base64. */
const SECRET_BYTES = 32;
const SECRET_CHARACTERS = 44;

/** Version, nonce, scalar and public key, tag: what `wrapAccountKey` gives. */
const WRAPPED_KEY_BYTES = 1 + 12 + 32 + 65 + 16;
const WRAPPED_KEY_CHARACTERS = WRAPPED_KEY_BYTES * (4 / 3);

/** A mail address in its one spelling. */
export function addressField(call: PortalCall, name: string): string {
  const address = normaliseAddress(textField(call, name, LONGEST_ADDRESS));
  if (address === undefined) throw new MalformedCall(`"${name}" must be a mail address.`);
  return address;
}

/** The secret as its text: it is hashed as it was sent. */
export function secretField(call: PortalCall, name: string): string {
  const text = textField(call, name, SECRET_CHARACTERS);
  bytesOf(text, name, SECRET_BYTES);
  return text;
}

/** A wrapped account key. Nobody but its owner can tell whether there is a key in it. */
export function wrappedKeyField(call: PortalCall, name: string): Bytes {
  return bytesOf(textField(call, name, WRAPPED_KEY_CHARACTERS), name, WRAPPED_KEY_BYTES);
}

function textField(call: PortalCall, name: string, most: number): string {
  const value = call.body[name];
  if (typeof value !== "string" || value === "" || value.length > most) {
    throw new MalformedCall(`"${name}" must be a text of 1 to ${most} characters.`);
  }
  return value;
}

function bytesOf(text: string, name: string, length: number): Bytes {
  const bytes = fromB64(text);
  if (bytes?.length !== length) throw new MalformedCall(`"${name}" must be ${length} bytes in base64.`);
  return bytes;
}
