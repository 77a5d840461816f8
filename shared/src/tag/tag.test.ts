import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { TagOptions } from "./option.ts";
import { parseTag, type Tag, withoutTag } from "./tag.ts";

const DAY = 86_400_000;
const HOUR = 3_600_000;
const definitions = ["Board Papers", "seven-days"];

function secured(subject: string, options: TagOptions): Tag {
  return { kind: "secure", subject, options };
}

describe("what Ann writes into the subject", () => {
  test.each<[string, string, TagOptions]>([
    ["[secure] Results", "Results", {}],
    ["[SECURE] Results", "Results", {}],
    ["Results [Secure]", "Results", {}],
    ["Re: [secure] Results", "Re: Results", {}],
    ["Your[secure]results", "Your results", {}],
    ["[secure]", "", {}],
    ["[ secure ] Results", "Results", {}],
    ["[secure 7d] Results", "Results", { expiresAfterMs: 7 * DAY }],
    ["[secure7d] Results", "Results", { expiresAfterMs: 7 * DAY }],
    ["[secure,12h] Results", "Results", { expiresAfterMs: 12 * HOUR }],
    ["[secure 7D, NO-PRINT ,no-reply] x", "x", { expiresAfterMs: 7 * DAY, noPrint: true, noReply: true }],
    ["[secure no-reply-all no-download] x", "x", { noReplyAll: true, noDownload: true }],
    ["[secure receipt once watermark] x", "x", { receipt: true, once: true, watermark: true }],
    ["[secure\u00a0once] x", "x", { once: true }],
    ["[secure\u200b] x", "x", {}],
    ["[\u200fsecure\u200b once\u00ad] x", "x", { once: true }],
    ["[sec\u200bure] x", "x", {}],
    ["[secure board-papers] x", "x", { definition: "Board Papers" }],
    ["[secure SEVEN-DAYS 1h] x", "x", { definition: "seven-days", expiresAfterMs: HOUR }],
    ["[secure 30d] a [secure 7d once] b", "a b", { expiresAfterMs: 7 * DAY, once: true }],
  ])("%s", (subject, cleaned, options) => {
    const tag = parseTag(subject, null, definitions);

    expect(tag).toEqual(secured(cleaned, options));
  });

  test.each([
    "Results",
    "[secured] Results",
    "[secure-ish] Results",
    "[insecure] Results",
    "secure Results",
    "(secure) Results",
    "［secure］ Results",
    "[not secure] Results",
    "[securely sent] Results",
  ])("%s is an ordinary subject", (subject) => {
    const tag = parseTag(subject, null, definitions);

    expect(tag).toEqual({ kind: "none" });
  });

  test.each([
    ["[secure unknown-thing] x", "unknown-thing"],
    ["[secure 7] x", "7"],
    ["[secure 0d] x", "0d"],
    ["[secure 99999d] x", "99999d"],
    ["[secure -7d] x", "-7d"],
    ["[secure 7w] x", "7w"],
    ["[secure noprint] x", "noprint"],
    ["[secure:7d] x", ":7d"],
    ["[secure-7d] x", "-7d"],
    ["[secure_7d] x", "_7d"],
    ["[secure|7d] x", "|7d"],
    ["[secure(7d)] x", "(7d)"],
    ["[secure!] x", "!"],
    ["[secure once] a [secure oops] b", "oops"],
  ])("%s is refused for %s, with the list of what is known", (subject, option) => {
    const tag = parseTag(subject, null, definitions);

    expect(tag).toMatchObject({ kind: "unknown", option });
    expect(tag).toMatchObject({ known: expect.arrayContaining(["7d", "no-print", "board-papers"]) });
  });

  test.each([
    ["Results [secure 7d", "[secure 7d"],
    ["[secure 7d results [final]", "[secure 7d results"],
    ["[secure [7d]] results", "[secure"],
    ["[secure] results [secure no-print", "[secure no-print"],
  ])("%s has a tag that is never closed: refused, not sent unprotected", (subject, tag) => {
    expect(parseTag(subject, null, definitions)).toEqual({ kind: "unclosed", tag });
  });

  test("two definitions contradict each other", () => {
    const tag = parseTag("[secure board-papers seven-days] x", null, definitions);

    expect(tag).toEqual({ kind: "conflict", definitions: ["Board Papers", "seven-days"] });
  });
});

describe("what Ann's program writes into X-Sealpost", () => {
  test("the header says the same as the subject", () => {
    const tag = parseTag("Results", "Secure 7d, no-print", definitions);

    expect(tag).toEqual(secured("Results", { expiresAfterMs: 7 * DAY, noPrint: true }));
  });

  test("the header wins over the subject, whose tag goes all the same", () => {
    const tag = parseTag("[secure 30d once] Results", "secure 7d", definitions);

    expect(tag).toEqual(secured("Results", { expiresAfterMs: 7 * DAY }));
  });

  test.each(["", "plain", "securee", "7d", "secure oops"])("the value '%s' is refused", (value) => {
    const tag = parseTag("[secure] Results", value, definitions);

    expect(tag.kind).toBe("unknown");
  });
});

describe("laws", () => {
  const word = fc.constantFrom(
    "7d",
    "12h",
    "no-print",
    "once",
    "receipt",
    "watermark",
    "no-reply",
    "board-papers",
  );

  test("order, case and separators of options do not matter", () => {
    fc.assert(
      fc.property(fc.uniqueArray(word), fc.constantFrom(" ", ",", ", ", "  "), (words, separator) => {
        const written = parseTag(`[secure ${words.join(separator)}] x`, null, definitions);
        const shuffled = parseTag(
          `[SECURE ${words.toReversed().join(" ").toUpperCase()}] x`,
          null,
          definitions,
        );

        expect(shuffled).toEqual(written);
        expect(written.kind).toBe("secure");
      }),
    );
  });

  test("a subject without its tag has none, and removing it again changes nothing", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (before, after) => {
        const cleaned = withoutTag(`${before}[secure 7d]${after}`);

        expect(withoutTag(cleaned)).toBe(cleaned);
      }),
    );
  });
});
