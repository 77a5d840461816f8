import fc from "fast-check";
import { expect, test } from "vitest";
import { linkify } from "./linkify.ts";

const links = (text: string) => linkify(text).flatMap((piece) => (piece.kind === "link" ? [piece.text] : []));

test("an address in a sentence is a link without the sentence's full stop", () => {
  expect(links("See https://acme.example/a?b=1#c. Then call.")).toEqual(["https://acme.example/a?b=1#c"]);
  expect(links("Really (https://acme.example/a)?")).toEqual(["https://acme.example/a"]);
  expect(links("https://en.example/wiki/Seal_(wax)")).toEqual(["https://en.example/wiki/Seal_(wax)"]);
  expect(links("<https://acme.example>, http://b.example")).toEqual([
    "https://acme.example",
    "http://b.example",
  ]);
});

test("what runs is never a link", () => {
  expect(links("javascript:alert(1) data:text/html,x file:///etc/passwd HTTPS://")).toEqual([]);
});

test("no text is lost or added", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), fc.webUrl(), (text, url) => {
      const whole = `${text}${url}${text} ${url}`;
      expect(
        linkify(whole)
          .map((piece) => piece.text)
          .join(""),
      ).toBe(whole);
    }),
  );
});

test("a long hostile text takes no time", () => {
  const started = performance.now();

  linkify(`https://${"(".repeat(200_000)}`);
  linkify("http://a.".repeat(50_000));

  expect(performance.now() - started).toBeLessThan(2_000);
});
