/**
 * VAT numbers of the European Union: each country's form, and its check digits where they are simple.
 *
 * Forms: European Commission, VIES, question 11. Checks: "VIES VAT number algorithms" of the Commission.
 */
import { bare, isSameDigit, passesLuhn, passesMod1110, remainder, weighted } from "./digits.ts";

type Rule = { form: RegExp; check?: (body: string) => boolean };

const RULES: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ["AT", { form: /^U\d{8}$/u, check: austria }],
  [
    "BE",
    { form: /^[01]\d{9}$/u, check: (body) => 97 - remainder(body.slice(0, 8), 97) === Number(body.slice(8)) },
  ],
  ["BG", { form: /^\d{9,10}$/u }],
  ["CY", { form: /^\d{8}[A-Z]$/u }],
  ["CZ", { form: /^\d{8,10}$/u }],
  ["DE", { form: /^[1-9]\d{8}$/u, check: passesMod1110 }],
  ["DK", { form: /^[1-9]\d{7}$/u, check: (body) => weighted(body, [2, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0 }],
  ["EE", { form: /^\d{9}$/u, check: (body) => weighted(body, [3, 7, 1, 3, 7, 1, 3, 7, 1]) % 10 === 0 }],
  ["EL", { form: /^\d{9}$/u, check: greece }],
  ["ES", { form: /^(?:[A-Z]\d{7}[A-Z0-9]|\d{8}[A-Z])$/u }],
  ["FI", { form: /^\d{8}$/u, check: (body) => weighted(body, [7, 9, 10, 5, 8, 4, 2, 1]) % 11 === 0 }],
  ["FR", { form: /^[A-HJ-NP-Z0-9]{2}\d{9}$/u, check: france }],
  ["HR", { form: /^\d{11}$/u, check: passesMod1110 }],
  ["HU", { form: /^\d{8}$/u, check: (body) => weighted(body, [9, 7, 3, 1, 9, 7, 3, 1]) % 10 === 0 }],
  ["IE", { form: /^(?:\d{7}[A-W][A-I]?|\d[A-Z+*]\d{5}[A-W])$/u, check: ireland }],
  ["IT", { form: /^\d{11}$/u, check: passesLuhn }],
  ["LT", { form: /^(?:\d{9}|\d{12})$/u }],
  ["LU", { form: /^\d{8}$/u, check: (body) => remainder(body.slice(0, 6), 89) === Number(body.slice(6)) }],
  ["LV", { form: /^\d{11}$/u }],
  ["MT", { form: /^\d{8}$/u, check: malta }],
  ["NL", { form: /^\d{9}B\d{2}$/u, check: netherlands }],
  [
    "PL",
    {
      form: /^\d{10}$/u,
      check: (body) => weighted(body, [6, 5, 7, 2, 3, 4, 5, 6, 7]) % 11 === Number(body[9]),
    },
  ],
  ["PT", { form: /^\d{9}$/u, check: portugal }],
  ["RO", { form: /^\d{2,10}$/u, check: romania }],
  ["SE", { form: /^\d{10}\d{2}$/u, check: (body) => passesLuhn(body.slice(0, 10)) }],
  ["SI", { form: /^[1-9]\d{7}$/u, check: slovenia }],
  ["SK", { form: /^[1-9]\d{9}$/u, check: (body) => remainder(body, 11) === 0 }],
]);

/** Whether the text is a VAT number with its country in front (Greece as EL). Separators are ignored. */
export function isEuVat(text: string): boolean {
  const number = bare(text);
  const body = number.slice(2);
  const rule = RULES.get(number.slice(0, 2));
  if (rule === undefined || !rule.form.test(body) || isSameDigit(body)) return false;
  return rule.check?.(body) ?? true;
}

function austria(body: string): boolean {
  const digits = body.slice(1);
  const sum = [...digits.slice(0, 7)].reduce((total, digit, at) => {
    const value = Number(digit) * (at % 2 === 1 ? 2 : 1);
    return total + Math.floor(value / 10) + (value % 10);
  }, 0);
  return (10 - ((sum + 4) % 10)) % 10 === Number(digits[7]);
}

function greece(body: string): boolean {
  return (weighted(body, [256, 128, 64, 32, 16, 8, 4, 2]) % 11) % 10 === Number(body[8]);
}

/** Only the common key of two digits has a published rule. */
function france(body: string): boolean {
  if (!/^\d{11}$/u.test(body)) return true;
  return (12 + 3 * remainder(body.slice(2), 97)) % 97 === Number(body.slice(0, 2));
}

function ireland(body: string): boolean {
  if (!/^\d{7}/u.test(body)) return true; // the form of before 2013
  const second = body[8] === undefined ? 0 : body.charCodeAt(8) - 64;
  const sum = weighted(body, [8, 7, 6, 5, 4, 3, 2]) + second * 9;
  return "WABCDEFGHIJKLMNOPQRSTUV"[sum % 23] === body[7];
}

function malta(body: string): boolean {
  return 37 - (weighted(body, [3, 4, 6, 7, 8, 9]) % 37) === Number(body.slice(6));
}

/** Either the older check of the number, or, for sole traders since 2020, mod 97 over everything. */
function netherlands(body: string): boolean {
  if (weighted(body, [9, 8, 7, 6, 5, 4, 3, 2]) % 11 === Number(body[8])) return true;
  return remainder(`2321${body.replace("B", "11")}`, 97) === 1;
}

function portugal(body: string): boolean {
  const check = 11 - (weighted(body, [9, 8, 7, 6, 5, 4, 3, 2]) % 11);
  return (check > 9 ? 0 : check) === Number(body[8]);
}

function romania(body: string): boolean {
  const digits = body.slice(0, -1).padStart(9, "0");
  return ((weighted(digits, [7, 5, 3, 2, 1, 7, 5, 3, 2]) * 10) % 11) % 10 === Number(body.at(-1));
}

function slovenia(body: string): boolean {
  const check = 11 - (weighted(body, [8, 7, 6, 5, 4, 3, 2]) % 11);
  return check !== 11 && check % 10 === Number(body[7]);
}
