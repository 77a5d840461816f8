import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { makeTemporaryPassword, readTemporaryPassword, TEMPORARY_PASSWORD_BYTES } from "./temporary.ts";

const random = fc.uint8Array({ minLength: TEMPORARY_PASSWORD_BYTES, maxLength: TEMPORARY_PASSWORD_BYTES });

test("a temporary password is three groups of four without look-alikes", () => {
  fc.assert(
    fc.property(random, (bytes) => {
      expect(makeTemporaryPassword(bytes)).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}(?:-[0-9A-HJKMNP-TV-Z]{4}){2}$/);
    }),
  );
});

test("each of its 60 bits counts, and every character is equally likely", () => {
  const seen = new Map<string, number>();
  for (let byte = 0; byte < 256; byte++) {
    const first = makeTemporaryPassword(new Uint8Array(12).fill(byte)).charAt(0);
    seen.set(first, (seen.get(first) ?? 0) + 1);
  }

  expect(seen.size).toBe(32);
  expect(new Set(seen.values())).toEqual(new Set([8]));
});

test("fewer random bytes make none", () => {
  expect(() => makeTemporaryPassword(new Uint8Array(11))).toThrow(RangeError);
});

describe("however it is typed, it is the same", () => {
  test.each([
    "0123-ABCD-WXYZ",
    "0123abcdwxyz",
    " 0123 abcd wxyz ",
    "o123-abcd-wxyz",
    "OI23ABCDWXYZ",
    "0l23–abcd—wxyz",
    "0123\u00a0ABCD\u2011WXYZ",
  ])("%j", (typed) => {
    expect(readTemporaryPassword(typed)).toBe("0123-ABCD-WXYZ");
  });

  test("whatever was made", () => {
    fc.assert(
      fc.property(random, (bytes) => {
        const printed = makeTemporaryPassword(bytes);
        expect(readTemporaryPassword(printed.toLowerCase().replaceAll("-", " "))).toBe(printed);
      }),
    );
  });
});

test.each(["", "0123-ABCD-WXY", "0123-ABCD-WXYZ0", "0123-ABCD-WXYU", "0123_ABCD_WXYZ", "correct horses"])(
  "%j has another shape",
  (typed) => {
    expect(readTemporaryPassword(typed)).toBeUndefined();
  },
);
