import { describe, expect, test } from "vitest";
import { passes, type ValidatorName } from "./validators.ts";

/** Published examples and made numbers that are right, each with near misses: one digit, one rule away. */
const CASES: readonly [name: ValidatorName, right: readonly string[], wrong: readonly string[]][] = [
  [
    "cardnumber",
    [
      "4556 7375 8689 9855", // Visa
      "4929-1234-5678-9011-006", // Visa with 19 digits
      "5425233430109903", // Mastercard
      "2223000048410010", // Mastercard's second range
      "374245455400126", // American Express
      "6011000991300009", // Discover
      "3566000020000410", // JCB
      "36259600000004", // Diners Club
      "6250941006528599", // UnionPay
    ],
    [
      "4556737586899856", // check digit
      "455673758689985", // a Visa with 15 digits
      "4111 1111 1111 1111", // published for testing, as the following
      "4242424242424242",
      "5555-5555-5555-4444",
      "378282246310005",
      "4000008260000000",
      "1234567812345670", // right check digit, no issuer
      "0000000000000000",
      "2721000000000004", // beyond Mastercard's range
    ],
  ],
  ["luhn", ["79927398713", "046 454 286"], ["79927398710", "7"]],
  [
    "iban",
    [
      "GB82 WEST 1234 5698 7654 32",
      "DE89370400440532013000",
      "FR14 2004 1010 0505 0001 3M02 606",
      "NO93 8601 1117 947",
      "MT84MALT011000012345MTLCAST001S",
      "SA0380000000608010167519",
      "be68 5390 0754 7034",
    ],
    [
      "GB82 WEST 1234 5698 7654 33",
      "DE8937040044053201300",
      "XX89370400440532013000",
      "DE98370400440532013000",
    ],
  ],
  [
    "ssn",
    ["536-90-4399", "001 01 0001", "899999999"],
    [
      "000-12-3456",
      "666-12-3456",
      "900-12-3456",
      "536-00-4399",
      "536-90-0000",
      "078-05-1120",
      "219-09-9999",
      "123-45-6789",
      "536904399 0",
    ],
  ],
  [
    "aba",
    ["021000021", "011401533", "091000019", "122105155"],
    ["021000022", "131000021", "000000000", "12100002"],
  ],
  [
    "nino",
    ["AB 12 34 56 C", "CE123456D", "jg103759a"],
    ["QQ123456C", "AB123456E", "DA123456A", "BG123456A", "AO123456A", "AB12345C"],
  ],
  ["nhs", ["943 476 5919", "4010232137"], ["943 476 5918", "9990000018", "4444444444", "943476591"]],
  ["sin", ["130 692 544", "193456787"], ["130 692 545", "046 454 286", "811111112", "13069254"]],
  ["npi", ["1234567893", "1245319599"], ["1234567890", "3234567893", "123456789"]],
  [
    "email",
    ["ann.o'brien+x@mail.acme.example", "jörg@bücher.example"],
    [
      "ann@acme",
      ".ann@acme.example",
      "ann..b@acme.example",
      "ann@-acme.example",
      "@acme.example",
      "ann@acme.1",
    ],
  ],
  [
    "date",
    ["2024-02-29", "29.02.2000", "12/31/1999", "31/12/1999", "5 March 1980", "March 5th, 1980", "19800305"],
    [
      "2023-02-29",
      "31.04.2000",
      "13/13/1999",
      "1899-12-31",
      "2100-01-01",
      "5 Foo 1980",
      "1980-00-10",
      "29.02.1900",
    ],
  ],
  [
    "vat",
    [
      "ATU 13585627",
      "BE 0428759497",
      "CZ25123891",
      "DE136695976",
      "DK13585628",
      "EE100931558",
      "EL094259216",
      "ESX1234567L",
      "FI20774740",
      "FR40303265045",
      "HR33392005961",
      "HU12892312",
      "IE6433435F",
      "IT00743110157",
      "LU15027442",
      "MT11679112",
      "NL004495445B01",
      "PL8567346215",
      "PT501964843",
      "RO18547290",
      "SE123456789701",
      "SI50223054",
      "SK2022749619",
    ],
    [
      "ATU13585626",
      "BE0428759496",
      "DE136695975",
      "DK13585627",
      "EE100594103",
      "EL123456781",
      "FI20774741",
      "FR41303265045",
      "HU12892313",
      "IE6433435E",
      "IT00743110158",
      "LU15027443",
      "MT11679113",
      "NL123456789B90",
      "PL8567346216",
      "PT501964842",
      "RO18547291",
      "SE123456789601",
      "SI50223055",
      "SK2022749618",
      "US123456789",
      "DE000000000",
    ],
  ],
  ["notsamedigit", ["1111-1112", "words"], ["1111 1111", "9"]],
];

describe.each(CASES)("%s", (name, right, wrong) => {
  test.each(right)("takes %s", (text) => {
    expect(passes([name], text)).toBe(true);
  });

  test.each(wrong)("does not take %s", (text) => {
    expect(passes([name], text)).toBe(false);
  });
});

test("several validators must all agree", () => {
  expect(passes(["luhn", "notsamedigit"], "79927398713")).toBe(true);
  expect(passes(["luhn", "notsamedigit"], "0000 0000")).toBe(false);
});
