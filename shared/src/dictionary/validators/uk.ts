/**
 * Numbers of the United Kingdom: national insurance and health service.
 */
import { bare, isSameDigit, weighted } from "./digits.ts";

/** Never allocated (HMRC, NIM39110). */
const UNUSED_PREFIXES = new Set(["BG", "GB", "KN", "NK", "NT", "TN", "ZZ"]);

/** Whether the text is a national insurance number, with its suffix A to D. QQ, as in examples, is none. */
export function isNino(text: string): boolean {
  const number = bare(text);
  if (!/^[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]\d{6}[A-D]$/u.test(number)) return false;
  return !UNUSED_PREFIXES.has(number.slice(0, 2)) && !isSameDigit(number.slice(2, 8));
}

const NHS_WEIGHTS = [10, 9, 8, 7, 6, 5, 4, 3, 2];

/** Whether the text is an NHS number (modulus 11). Numbers from 999 are kept for tests and are none. */
export function isNhsNumber(text: string): boolean {
  const digits = bare(text);
  if (!/^\d{10}$/u.test(digits) || isSameDigit(digits) || digits.startsWith("999")) return false;
  const check = 11 - (weighted(digits, NHS_WEIGHTS) % 11);
  return check !== 10 && check % 11 === Number(digits[9]);
}
