/**
 * IBAN (ISO 13616): a country with its length in SWIFT's registry, and the remainder 1 of ISO 7064 mod 97.
 */
import { bare, remainder } from "./digits.ts";

const LENGTHS: ReadonlyMap<string, number> = new Map(
  `AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29
   ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20
   LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29
   PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20
   YE30`
    .split(/\s+/u)
    .map((entry) => [entry.slice(0, 2), Number(entry.slice(2))]),
);

/** Whether the text is an IBAN. Blanks and dashes are ignored, lower case is taken. */
export function isIban(text: string): boolean {
  const iban = bare(text);
  if (!/^[A-Z]{2}\d{2}[A-Z0-9]{11,29}$/u.test(iban)) return false;
  if (LENGTHS.get(iban.slice(0, 2)) !== iban.length) return false;
  return remainder(lettersAsNumbers(iban.slice(4) + iban.slice(0, 4)), 97) === 1;
}

/** A is 10, Z is 35. */
function lettersAsNumbers(text: string): string {
  return text.replace(/[A-Z]/gu, (letter) => String(letter.charCodeAt(0) - 55));
}
