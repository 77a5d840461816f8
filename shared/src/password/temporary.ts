/**
 * Temporary passwords: 12 characters of Crockford's base 32 (60 bits), printed in groups of four. No look-alikes; case, spaces and
 * dashes do not matter when one is typed.
 */

/** Crockford's base 32: no I, L, O, U. https://www.crockford.com/base32.html */
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const LENGTH = 12;
const GROUPS = /.{4}/g;
const SEPARATORS = /[\s\-\u2010-\u2015\u2212]/gu;

/** Random bytes that one temporary password takes. */
export const TEMPORARY_PASSWORD_BYTES = LENGTH;

/** A temporary password out of random bytes: five bits of each, so every character is equally likely. */
export function makeTemporaryPassword(random: Uint8Array): string {
  if (random.length !== TEMPORARY_PASSWORD_BYTES) throw new RangeError("a temporary password takes 12 bytes");
  return grouped(Array.from(random, (byte) => ALPHABET[byte & 31]).join(""));
}

/** The printed form of a text that has the shape of a temporary password, however it was typed; undefined for any other. */
export function readTemporaryPassword(text: string): string | undefined {
  const bare = text.replaceAll(SEPARATORS, "").toUpperCase();
  if (bare.length !== LENGTH) return undefined;
  const meant = bare.replaceAll("O", "0").replaceAll(/[IL]/g, "1");
  return [...meant].every((character) => ALPHABET.includes(character)) ? grouped(meant) : undefined;
}

function grouped(characters: string): string {
  return (characters.match(GROUPS) ?? []).join("-");
}
