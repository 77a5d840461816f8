/**
 * Arithmetic that several numbers share. Digits only; whoever calls has taken separators out.
 */

/** The text without blanks, dots, dashes and slashes, in upper case. Dashes of every kind. */
export function bare(text: string): string {
  return text.replace(/[\s./\u00a0\u2010-\u2015\u2212-]+/gu, "").toUpperCase();
}

/** Whether the check digit at the end is right (ISO/IEC 7812-1, annex B). */
export function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let at = 0; at < digits.length; at++) {
    const digit = Number(digits[digits.length - 1 - at]);
    const doubled = at % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return digits.length > 1 && sum % 10 === 0;
}

/** The sum of digits times weights, position by position. */
export function weighted(digits: string, weights: readonly number[]): number {
  return weights.reduce((sum, weight, at) => sum + weight * Number(digits[at] ?? 0), 0);
}

/** A long number's remainder, in pieces that stay exact. */
export function remainder(digits: string, divisor: number): number {
  let rest = 0;
  for (const digit of digits) rest = (rest * 10 + Number(digit)) % divisor;
  return rest;
}

/** ISO 7064 mod 11,10: the check digit at the end is right. */
export function passesMod1110(digits: string): boolean {
  let product = 10;
  for (const digit of digits.slice(0, -1)) {
    const sum = (Number(digit) + product) % 10;
    product = ((sum === 0 ? 10 : sum) * 2) % 11;
  }
  return (11 - product) % 10 === Number(digits.at(-1));
}

/** All digits are the same one: a placeholder, whatever its check digit says. */
export function isSameDigit(digits: string): boolean {
  return /^(\d)\1*$/u.test(digits);
}
