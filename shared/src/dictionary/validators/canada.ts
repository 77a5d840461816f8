/**
 * The Canadian social insurance number.
 */
import { bare, isSameDigit, passesLuhn } from "./digits.ts";

/** Whether the text is a SIN: nine digits with a right check digit; none begins with 0 or 8, which are not issued. */
export function isSin(text: string): boolean {
  const digits = bare(text);
  return /^[1-79]\d{8}$/u.test(digits) && !isSameDigit(digits) && passesLuhn(digits);
}
