/**
 * Payment cards: a length and range that an issuer has, a right check digit, and none of the numbers that
 * payment companies publish for testing.
 */
import { bare, isSameDigit, passesLuhn } from "./digits.ts";

/** From, to (first digits, inclusive), and the lengths in use: issuers' ranges by ISO/IEC 7812. */
const RANGES: readonly (readonly [from: string, to: string, lengths: readonly number[]])[] = [
  ["2200", "2204", [16, 17, 18, 19]], // Mir
  ["2221", "2720", [16]], // Mastercard
  ["300", "305", [14, 16, 17, 18, 19]], // Diners Club
  ["3095", "3095", [14, 16, 17, 18, 19]], // Diners Club
  ["34", "34", [15]], // American Express
  ["3528", "3589", [16, 17, 18, 19]], // JCB
  ["36", "36", [14, 15, 16, 17, 18, 19]], // Diners Club
  ["37", "37", [15]], // American Express
  ["38", "39", [14, 16, 17, 18, 19]], // Diners Club
  ["4", "4", [13, 16, 19]], // Visa
  ["5018", "5018", [12, 13, 14, 15, 16, 17, 18, 19]], // Maestro
  ["5020", "5020", [12, 13, 14, 15, 16, 17, 18, 19]], // Maestro
  ["5038", "5038", [12, 13, 14, 15, 16, 17, 18, 19]], // Maestro
  ["508500", "508999", [16]], // RuPay
  ["51", "55", [16]], // Mastercard
  ["5893", "5893", [12, 13, 14, 15, 16, 17, 18, 19]], // Maestro
  ["6011", "6011", [16, 17, 18, 19]], // Discover
  ["62", "62", [16, 17, 18, 19]], // UnionPay
  ["6304", "6304", [12, 13, 14, 15, 16, 17, 18, 19]], // Maestro
  ["644", "649", [16, 17, 18, 19]], // Discover
  ["65", "65", [16, 17, 18, 19]], // Discover, RuPay
  ["6703", "6703", [16, 17, 18, 19]], // Bancontact
  ["6759", "6759", [12, 13, 14, 15, 16, 17, 18, 19]], // Maestro
  ["6761", "6763", [12, 13, 14, 15, 16, 17, 18, 19]], // Maestro
  ["6771", "6771", [16]], // Maestro
  ["81", "81", [16, 17, 18, 19]], // UnionPay
  ["9792", "9792", [16]], // Troy
];

/** Published for testing by card schemes and payment companies; they stand in manuals, not on cards. */
const TEST_NUMBERS = new Set(
  `4111111111111111 4242424242424242 4012888888881881 4222222222222 4000056655665556 4444333322221111
   4462030000000000 4917610000000000 4911830000000 4484070000000000 4988438843884305 4166676667666746
   4646464646464644 4000620000000007 4293189100000008 4035501000000008 4360000001000005
   5555555555554444 5105105105105100 5200828282828210 5454545454545454 5555341244441115 5577000055770004
   5136333333333335 5585558555855583 5555444433331111 2222410740360010 2222400070000005 2223003122003222
   2223000048400011 2223520443560010 5019717010103742 6759649826438453 6771798021000008 6703444444444449
   378282246310005 371449635398431 378734493671000 370000000000002 374251018720018 343434343434343
   30569309025904 38520000023237 3056930009020004 36227206271667 36006666333344 36148900647913
   6011111111111117 6011000990139424 6011000000000004 6011981111111113 6445644564456445 6011601160116611
   3530111333300000 3566002020360505 3569990010095841 3566111111111113
   6200000000000005 6205500000000000004 6243030000000001 6250946000000016
   6304000000000000 6799990100000000019`.split(/\s+/u),
);

/** The range in which payment companies publish a number for each country and each failure. */
const TEST_PREFIX = "400000";

/** Whether the text is the number of a payment card that can be charged. Separators are ignored. */
export function isPaymentCard(text: string): boolean {
  const digits = bare(text);
  if (!/^\d{12,19}$/u.test(digits) || !passesLuhn(digits)) return false;
  if (isSameDigit(digits) || TEST_NUMBERS.has(digits) || digits.startsWith(TEST_PREFIX)) return false;
  return RANGES.some(
    ([from, to, lengths]) =>
      digits.slice(0, from.length) >= from &&
      digits.slice(0, to.length) <= to &&
      lengths.includes(digits.length),
  );
}
