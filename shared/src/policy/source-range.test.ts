import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isInRange as hasAddress, parseIp, parseSourceRange, type SourceRange } from "./source-range.ts";

function isInRange(block: SourceRange, address: string): boolean {
  return hasAddress(block, parseIp(address));
}

function range(text: string): SourceRange {
  const read = parseSourceRange(text);
  if (read === undefined) throw new Error(`${text} is no range`);
  return read;
}

describe("a block of addresses", () => {
  test.each([
    ["10.0.0.0/8", "10.255.0.1", true],
    ["10.0.0.0/8", "11.0.0.1", false],
    ["192.0.2.7", "192.0.2.7", true],
    ["192.0.2.7", "192.0.2.8", false],
    ["0.0.0.0/0", "203.0.113.9", true],
    ["0.0.0.0/0", "2001:db8::1", false],
    ["2001:db8::/32", "2001:db8:ffff::1", true],
    ["2001:db8::/32", "2001:db9::1", false],
    ["::1/128", "::1", true],
  ])("%s and %s", (block, address, expected) => {
    expect(isInRange(range(block), address)).toBe(expected);
  });

  test("an IPv4 client that a socket shows as IPv6 is still an IPv4 client", () => {
    expect(isInRange(range("10.0.0.0/8"), "::ffff:10.1.2.3")).toBe(true);
    expect(isInRange(range("10.0.0.0/8"), "::ffff:11.1.2.3")).toBe(false);
  });

  test.each([
    "10.0.0.0/33",
    "10.0.0/8",
    "256.0.0.1",
    "::1::2",
    "1:2:3:4:5:6:7",
    "2001:db8::/129",
    "acme",
    "",
    "/",
  ])("%s is none", (text) => {
    expect(parseSourceRange(text)).toBeUndefined();
  });

  test("what is no address is in no block", () => {
    expect(isInRange(range("0.0.0.0/0"), "unknown")).toBe(false);
  });
});

test("every address is in its own block of any length, and not once the last bit of the prefix is flipped", () => {
  const octets = fc.tuple(...Array.from({ length: 4 }, () => fc.integer({ min: 0, max: 255 })));
  fc.assert(
    fc.property(octets, fc.integer({ min: 1, max: 32 }), (parts, prefix) => {
      const address = parts.join(".");
      const value = parts.reduce((sum, part) => sum * 256 + part, 0);
      const flipped = Number(BigInt(value) ^ (1n << BigInt(32 - prefix)));
      const other = [24, 16, 8, 0].map((shift) => Math.floor(flipped / 2 ** shift) % 256).join(".");
      const block = range(`${address}/${prefix}`);
      expect(isInRange(block, address)).toBe(true);
      expect(isInRange(block, other)).toBe(false);
    }),
  );
});
