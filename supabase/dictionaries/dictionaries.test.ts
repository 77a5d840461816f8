import { readFileSync } from "node:fs";
import { readDictionary } from "@sealpost/shared/dictionary/dictionary.ts";
import { examine, highest } from "@sealpost/shared/dictionary/examine.ts";
import { compileSet } from "@sealpost/shared/dictionary/set.ts";
import { describe, expect, test } from "vitest";

const ACTIVATION = 10;

function score(name: string, text: string): number {
  const read = readDictionary(name, readFileSync(new URL(`./${name}.txt`, import.meta.url), "utf8"));
  if (read.kind === "wrong")
    throw new Error(read.errors.map(({ number, sentence }) => `${number}: ${sentence}`).join("\n"));
  const [result] = examine([{ kind: "body", text }], compileSet([read.dictionary]), {
    now: () => 0,
    limitMs: 1,
  }).dictionaries;
  return result === undefined ? 0 : highest(result).score;
}

/** Mails that must be found, and mails of every working day that must not. */
const MAILS: Readonly<Record<string, { found: readonly string[]; passed: readonly string[] }>> = {
  "payment-cards": {
    found: [
      "Please charge my Visa 4556 7375 8689 9855 12/27, thanks, Ann",
      "card;name\n5425233430109903;Bob\n",
      "amex: 3742-454554-00126 exp 04/27",
      "row 100 4556737586899855 ok",
    ],
    passed: [
      "Use the test card 4111 1111 1111 1111 with CVV 123, expiry date 12/30, as our credit card manual says.",
      "Your parcel 1234567890123456 arrives on Monday. Tracking: 4556737586899856",
      "Our IBAN is DE89 3704 0044 0532 0130 00, invoice 2024-4556-0001",
      "Call +44 20 7946 0958 or 0049 30 1234567. Order 0000000000000000.",
      "The credit card terminal is broken; card number fields stay empty.",
    ],
  },
  "bank-details": {
    found: [
      "Pay to DE89 3704 0044 0532 0130 00 BIC COBADEFFXXX",
      "BE68 5390 0754 7034 KBC is our account",
      "Wire to routing number 021000021, account number 123456789",
      "Sort code: 20-00-00, account no 55779911",
      "iban,GB82WEST12345698765432,ok",
    ],
    passed: [
      "The wire transfer went through; my bank account is fine.",
      "Order DE89 3704 0044 0532 0130 01 is on its way",
      "Meeting on 20-00-00? The routing of parcel 021000021 changed.",
      "Invoice number 123456789, account manager Carol, swift reply please",
    ],
  },
  health: {
    found: [
      "Patient John Doe, NHS number 943 476 5919, was seen today.",
      "She was diagnosed with bipolar disorder; treatment plan attached.",
      "MRN: 00482913, ICD-10: E11.9",
      "The patient's biopsy results and prognosis are in the pathology report.",
    ],
    passed: [
      "I have a doctor's appointment at ten and will be in after lunch.",
      "The NHS announced new hours; call 0300 123 1000.",
      "Thanks for being patient with the diagnosis of the printer.",
      "The prescription of the warranty is two years.",
    ],
  },
  "national-ids": {
    found: [
      "Her SSN is 536-90-4399.",
      "NI number AB 12 34 56 C for payroll",
      "SIN: 130 692 544",
      "Passport no. C01X00T47 is old, passport number 123456789 is new",
      "Steuer-ID 86 095 742 719",
      "social security number: 536904399",
    ],
    passed: [
      "Call 555-12-3456-1 or part 000-12-3456, version 078-05-1120.",
      "Room AB 12, floor 34. Ticket QQ123456C.",
      "It would be a sin to miss it: 30 rooms, 130692545 visitors.",
      "My passport expires in 2027, and I was born on 12.03.1980.",
      "Invoice 536904399 is due.",
    ],
  },
  credentials: {
    found: [
      "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEA",
      "The password is Lantern42!",
      "Passwort: sommer2024",
      "postgres://ann:s3cretpw@db.acme.example/app",
      "key AKIAABCDEFGHIJKLMNOP in us-east-1",
      "api_key = 9f86d081884c7d659a2feaa0c55ad015",
    ],
    passed: [
      "I forgot my password. Can you reset it? The password is too short, it says.",
      "Password: see the other mail",
      "-----BEGIN CERTIFICATE-----\nMIIB",
      "See https://docs.acme.example:8080/password?id=12",
      "Mail ann@acme.example about the api key policy, please.",
      "Your password expires on 2024-05-01.",
    ],
  },
};

describe.each(Object.entries(MAILS))("%s", (name, { found, passed }) => {
  test.each(found)("finds: %s", (mail) => {
    expect(score(name, mail)).toBeGreaterThanOrEqual(ACTIVATION);
  });

  test.each(passed)("lets pass: %s", (mail) => {
    expect(score(name, mail)).toBeLessThan(ACTIVATION);
  });
});
