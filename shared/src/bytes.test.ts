import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  concatBytes,
  equalBytes,
  fromB64,
  fromB64Url,
  fromPgHex,
  fromUtf8,
  isUuid,
  toB64,
  toB64Url,
  toPgHex,
  utf8,
  uuidBytes,
} from "./bytes.ts";

const bytes = fc.uint8Array({ maxLength: 300 });

describe("whatever is spelled is read back", () => {
  test.each([
    ["base64", toB64, fromB64],
    ["base64url", toB64Url, fromB64Url],
    ["PostgreSQL's hex", toPgHex, fromPgHex],
  ])("%s", (_, spell, read) => {
    fc.assert(
      fc.property(bytes, (some) => {
        expect(read(spell(some))).toEqual(new Uint8Array(some));
      }),
    );
  });

  test("UTF-8, with a byte order mark as well", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(fromUtf8(utf8(text))).toBe(text);
      }),
    );
    expect(fromUtf8(utf8("\ufeffBob"))).toBe("\ufeffBob");
  });
});

test("base64 is Node's base64, at any length", () => {
  const large = new Uint8Array(70_000).map((_, at) => at);

  expect(toB64(large)).toBe(Buffer.from(large).toString("base64"));
  expect(toB64Url(large)).toBe(Buffer.from(large).toString("base64url"));
  expect(fromB64(Buffer.from(large).toString("base64"))).toEqual(large);
});

test("PostgreSQL's base64 with line breaks is read, other white space is not", () => {
  expect(fromB64("AAEC\nAwQ=")).toEqual(Uint8Array.of(0, 1, 2, 3, 4));
  expect(fromB64("AAEC AwQ=")).toBeUndefined();
});

test.each(["A", "AA", "AA=", "AA==AA==", "A===", "Ä===", "AA-_", "<script>"])("%s is no base64", (text) => {
  expect(fromB64(text)).toBeUndefined();
});

test.each(["A", "AA==", "AA+/", "A A"])("%s is no base64url", (text) => {
  expect(fromB64Url(text)).toBeUndefined();
});

test.each(["", "00", "\\x0", "\\xzz", "0x00"])("%j is no bytea", (text) => {
  expect(fromPgHex(text)).toBeUndefined();
});

test("bytes that are no UTF-8 are no text", () => {
  expect(fromUtf8(Uint8Array.of(0xff))).toBeUndefined();
  expect(fromUtf8(Uint8Array.of(0xc0, 0x80))).toBeUndefined();
});

test("joined bytes are their parts, and equal only the same", () => {
  fc.assert(
    fc.property(bytes, bytes, (a, b) => {
      const joined = concatBytes(a, b);
      expect(Array.from(joined)).toEqual([...a, ...b]);
      expect(equalBytes(joined, concatBytes(a, b))).toBe(true);
      expect(equalBytes(joined, concatBytes(joined, Uint8Array.of(0)))).toBe(false);
    }),
  );
  expect(equalBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 3))).toBe(false);
});

test("a UUID is sixteen bytes, anything else is refused", () => {
  expect(toPgHex(uuidBytes("0190AAAA-0000-7000-8000-0000000000ff"))).toBe(
    "\\x0190aaaa0000700080000000000000ff",
  );
  expect(isUuid("0190aaaa-0000-7000-8000-0000000000ff\n")).toBe(false);
  expect(() => uuidBytes("bob")).toThrow(RangeError);
});
