import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { domainOf, normaliseAddress, normaliseDomain, parseAddress } from "./address.ts";

describe("two spellings of one mailbox become one", () => {
  test.each([
    ["Bob@Example.ORG", "bob@example.org"],
    ["  bob@example.org\r\n", "bob@example.org"],
    ["bob+tag@example.org", "bob+tag@example.org"],
    ['"bob"@example.org', "bob@example.org"],
    ['"b\\ob"@example.org', "bob@example.org"],
    ['"Bob Jones"@example.org', '"bob jones"@example.org'],
    ['"a@b"@example.org', '"a@b"@example.org'],
    ['"a\\"b"@example.org', '"a\\"b"@example.org'],
    ["bob@bücher.example", "bob@xn--bcher-kva.example"],
    ["bob@BÜCHER.example", "bob@xn--bcher-kva.example"],
    ["bob@xn--bcher-kva.example", "bob@xn--bcher-kva.example"],
    ["bob@example。org", "bob@example.org"],
    ["ÅSA@example.org", "åsa@example.org"],
    ["A\u030asa@example.org", "åsa@example.org"],
    ["用户@例え.jp", "用户@xn--r8jz45g.jp"],
    ["o'brien@example.org", "o'brien@example.org"],
    ["postmaster@localhost", "postmaster@localhost"],
  ])("%j is %j", (text, address) => {
    expect(normaliseAddress(text)).toBe(address);
  });
});

describe("what is no address is said to be none", () => {
  test.each([
    "",
    "@",
    "bob",
    "@example.org",
    "bob@",
    "bob@example.org.",
    "bob@.example.org",
    "bob@exa mple.org",
    "bob@example.org/path",
    "bob@example.org:25",
    "bob@user:secret@",
    "bob@exa%6dple.org",
    "bob@[192.0.2.1]",
    "bob@192.0.2.1",
    "bob@1",
    "bob@0x7f.1",
    "bob@-example.org",
    ".bob@example.org",
    "bo..b@example.org",
    "bob.@example.org",
    "bob jones@example.org",
    "<bob@example.org>",
    "bob@example.org>",
    '"bob@example.org',
    '""@example.org',
    "bob\u0000@example.org",
    '"bob\r\nRCPT TO:<eve@example.org>"@example.org',
    "bob\u202egro.elpmaxe@example.org",
    "b\u200bob@example.org",
    "b\u00a0ob@example.org",
    "b\ud800ob@example.org",
    `${"b".repeat(65)}@example.org`,
    `bob@${"e".repeat(64)}.org`,
    `bob@${"example.".repeat(40)}org`,
    `bob@example.org${" ".repeat(2_000)}`,
  ])("%j", (text) => {
    expect(parseAddress(text)).toMatchObject({ kind: "not-an-address" });
    expect(normaliseAddress(text)).toBeUndefined();
  });
});

test("a local part is counted in octets, not characters", () => {
  expect(normaliseAddress(`${"ü".repeat(32)}@example.org`)).toBeDefined();
  expect(normaliseAddress(`${"ü".repeat(33)}@example.org`)).toBeUndefined();
});

test("no text makes it throw, and what is normal stays as it is", () => {
  const hostile = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.emailAddress(),
    fc
      .tuple(fc.string({ unit: "grapheme" }), fc.string({ unit: "grapheme" }))
      .map(([a, b]) => `${a}@${b}.org`),
  );
  fc.assert(
    fc.property(hostile, (text) => {
      const address = normaliseAddress(text);
      if (address !== undefined) expect(normaliseAddress(address)).toBe(address);
    }),
    { numRuns: 200 },
  );
});

test("every ordinary address is one", () => {
  fc.assert(
    fc.property(fc.emailAddress(), (text) => {
      expect(parseAddress(text).kind).toBe("address");
    }),
  );
});

test("the domain of an address is what stands after its last @", () => {
  expect(domainOf('"a@b"@example.org')).toBe("example.org");
  expect(normaliseDomain("Example.ORG")).toBe("example.org");
  expect(normaliseDomain("127.1")).toBeUndefined();
});
