/**
 * The validators by the names that dictionary lines call them.
 *
 * A validator is given what the expression matched (or its first group) and says whether that is more than
 * digits that look alike.
 */
import { isSin } from "./canada.ts";
import { isDate } from "./date.ts";
import { bare, isSameDigit, passesLuhn } from "./digits.ts";
import { isEmailAddress } from "./email.ts";
import { isEuVat } from "./eu-vat.ts";
import { isIban } from "./iban.ts";
import { isPaymentCard } from "./payment-card.ts";
import { isNhsNumber, isNino } from "./uk.ts";
import { isAbaRouting, isNpi, isSsn } from "./us.ts";

const VALIDATORS = {
  cardnumber: isPaymentCard,
  luhn: (text: string) => passesLuhn(bare(text)),
  iban: isIban,
  ssn: isSsn,
  aba: isAbaRouting,
  nino: isNino,
  nhs: isNhsNumber,
  sin: isSin,
  npi: isNpi,
  email: isEmailAddress,
  date: isDate,
  vat: isEuVat,
  notsamedigit: (text: string) => !isSameDigit(text.replace(/\D+/gu, "")),
} as const;

export type ValidatorName = keyof typeof VALIDATORS;

/** As written in sentences to administrators. */
export const VALIDATOR_NAMES: readonly string[] = Object.keys(VALIDATORS);

/** Other names that administrators know. */
export const VALIDATOR_ALIASES: ReadonlyMap<string, string> = new Map([
  ["card", "cardnumber"],
  ["creditcard", "cardnumber"],
  ["mod97", "iban"],
  ["routing", "aba"],
  ["euvat", "vat"],
]);

export function isValidatorName(name: string): name is ValidatorName {
  return Object.hasOwn(VALIDATORS, name);
}

/** Whether every one of the validators accepts the text. */
export function passes(validators: readonly ValidatorName[], text: string): boolean {
  return validators.every((name) => VALIDATORS[name](text));
}
