import { expect, test } from "vitest";
import { isoTimestamp, postgrestTypes } from "./formats.ts";

test("a time with an offset reads as PostgREST writes it", () => {
  expect(isoTimestamp("2026-11-24 10:42:00.123456+00")).toBe("2026-11-24T10:42:00.123456+00:00");
  expect(isoTimestamp("2026-11-24 10:42:00+05:30")).toBe("2026-11-24T10:42:00+05:30");
});

test("a time without an offset gets none", () => {
  expect(isoTimestamp("2026-11-24 10:42:00.5")).toBe("2026-11-24T10:42:00.5");
});

test("the end of time stays what it is", () => {
  expect(isoTimestamp("infinity")).toBe("infinity");
});

test("bytes pass as the text Postgres prints, both ways", () => {
  expect(postgrestTypes.bytea?.parse("\\x0102")).toBe("\\x0102");
  expect(postgrestTypes.bytea?.serialize("\\x0102")).toBe("\\x0102");
});

test("JSON that is finished passes, a plain string becomes one, and other values are written out", () => {
  const write = (value: unknown) => postgrestTypes.jsonb?.serialize(value);

  expect(write('{"k":[1]}')).toBe('{"k":[1]}');
  expect(write("word")).toBe('"word"');
  expect(write({ k: [1] })).toBe('{"k":[1]}');
});

test("numbers are numbers, except where JSON has none", () => {
  expect(postgrestTypes.numeric?.parse("1.5000000000")).toBe(1.5);
  expect(postgrestTypes.numeric?.parse("NaN")).toBe("NaN");
});
