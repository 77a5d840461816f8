/**
 * Numbers of the United States: social security, bank routing, health care provider.
 */
import { bare, isSameDigit, passesLuhn, weighted } from "./digits.ts";

/** In advertisements, on sample cards and in every example; the first two were never anybody's again. */
const SAMPLE_SSNS = new Set(["078051120", "219099999", "123456789", "457555462"]);

/**
 * Whether the text is a social security number that can have been issued: area not 000, 666 or 900 to 999,
 * group not 00, serial not 0000 (SSA, POMS RM 10201.035).
 */
export function isSsn(text: string): boolean {
  const digits = bare(text);
  if (!/^\d{9}$/u.test(digits) || SAMPLE_SSNS.has(digits) || isSameDigit(digits)) return false;
  const area = digits.slice(0, 3);
  if (area === "000" || area === "666" || area >= "900") return false;
  return digits.slice(3, 5) !== "00" && digits.slice(5) !== "0000";
}

/** Federal Reserve districts, thrifts, electronic, traveller's cheques. */
const ROUTING_RANGES: readonly (readonly [number, number])[] = [
  [0, 12],
  [21, 32],
  [61, 72],
  [80, 80],
];
const ROUTING_WEIGHTS = [3, 7, 1, 3, 7, 1, 3, 7, 1];

/** Whether the text is an ABA routing number: an assigned beginning and the check digit (weights 3, 7, 1). */
export function isAbaRouting(text: string): boolean {
  const digits = bare(text);
  if (!/^\d{9}$/u.test(digits) || isSameDigit(digits)) return false;
  const start = Number(digits.slice(0, 2));
  if (!ROUTING_RANGES.some(([from, to]) => start >= from && start <= to)) return false;
  return weighted(digits, ROUTING_WEIGHTS) % 10 === 0;
}

/** Whether the text is a national provider identifier: ten digits from 1 or 2, Luhn with 80840 before (45 CFR 162.406). */
export function isNpi(text: string): boolean {
  const digits = bare(text);
  return /^[12]\d{9}$/u.test(digits) && !isSameDigit(digits) && passesLuhn(`80840${digits}`);
}
