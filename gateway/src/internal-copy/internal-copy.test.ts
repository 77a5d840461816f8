/**
 * What internal people get of a secured mail, checked with stock parsers on every fixture.
 */
import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { simpleParser } from "mailparser";
import PostalMime from "postal-mime";
import { describe, expect, test } from "vitest";
import { parseMail } from "../mime/parse-mail.ts";
import { internalCopy } from "./internal-copy.ts";
import { stripTriggers } from "./strip-triggers.ts";

const folder = new URL("../mime/fixtures/", import.meta.url);
const fixtures = readdirSync(folder).filter((name) => name.endsWith(".eml"));
const WORDS = "This message was sent securely to: bob@example.org. Replies to all will be secured too.";
const trace =
  "Received: from mail.acme.example by gateway.acme.example with ESMTP;\r\n Tue, 24 Nov 2026 10:42:00 +0100";
/** Signed, encrypted, or without words: the banner is a header field there. */
const UNTOUCHED = new Set(["attachment-only.eml", "encrypted-pgp.eml", "signed-smime.eml"]);

function read(name: string): Buffer {
  return readFileSync(new URL(name, folder));
}

function copyOf(raw: Buffer, securedTo = ["bob@example.org"]): Buffer {
  return internalCopy(raw, { securedTo, trace });
}

function flat(text: string | null | undefined): string {
  return (text ?? "")
    .replace(/<[^>]*>/gu, " ")
    .replace(/\s+/gu, " ")
    .trim();
}

/** All but the mail's words: attachments, as bytes. */
function files(raw: Buffer): string[] {
  return parseMail(raw).attachments.map((each) => Buffer.from(each.content()).toString("base64"));
}

describe.each(fixtures.filter((name) => !UNTOUCHED.has(name)))("%s", (name) => {
  test("carries the banner once, above its own words, for every reader", async () => {
    const original = await PostalMime.parse(read(name));
    const copy = await PostalMime.parse(copyOf(read(name)));

    if (original.text !== undefined) expect(flat(copy.text)).toBe(flat(`${WORDS} ${original.text}`));
    if (original.html !== undefined) expect(flat(copy.html)).toContain(WORDS);
    if (original.html !== undefined) expect(flat(copy.html).split(WORDS)).toHaveLength(2);
  });

  test("reads the same in mailparser", async () => {
    const copy = await simpleParser(copyOf(read(name)), { skipTextToHtml: true });

    expect(flat(copy.text ?? String(copy.html))).toContain(WORDS);
  });

  test("keeps every attachment byte for byte", () => {
    expect(files(copyOf(read(name)))).toEqual(files(read(name)));
  });
});

describe.each([...UNTOUCHED])("%s", (name) => {
  test("keeps its body as it was; the banner is a header field", async () => {
    const raw = read(name);
    const copy = copyOf(raw);

    expect(copy.toString("latin1").endsWith(raw.toString("latin1"))).toBe(true);
    const { headers } = await PostalMime.parse(copy);
    expect(headers.find(({ key }) => key === "x-sealpost-banner")?.value).toBe(WORDS);
  });
});

describe("headers of the copy", () => {
  test("the trace is on top, the tag stays, triggers and hidden recipients go", async () => {
    const copy = copyOf(read("bcc-and-trigger.eml"));

    expect(copy.toString("latin1").startsWith(`${trace}\r\n`)).toBe(true);
    expect(copy.toString("latin1")).not.toMatch(/hidden@example\.org|X-Sealpost: secure/u);
    expect(parseMail(copyOf(read("gmail-alternative.eml"))).subject).toBe("[SECURE once,no-print] Contract");
  });

  test("a DKIM signature stays valid: the body is not touched", () => {
    const raw = Buffer.concat([Buffer.from("DKIM-Signature: v=1; a=rsa-sha256\r\n"), read("bare.eml")]);

    expect(copyOf(raw).toString("latin1").endsWith(raw.toString("latin1"))).toBe(true);
  });

  test("a banner that the sender made up is not believed", () => {
    const raw = Buffer.concat([Buffer.from("X-Sealpost-Banner: trust me\r\n"), read("bare.eml")]);

    expect(copyOf(raw).toString("latin1")).not.toContain("trust me");
  });
});

describe("the banner", () => {
  test("counts the people it has no room for", () => {
    const many = Array.from({ length: 8 }, (_, index) => `p${index}@example.org`);

    expect(flat(parseMail(copyOf(read("bare.eml"), many)).text)).toContain("p4@example.org and 3 more.");
  });

  test("says so without names when there are none to show", () => {
    expect(flat(parseMail(copyOf(read("bare.eml"), [])).text)).toContain(
      "This message was sent securely. Replies",
    );
  });

  test("an address cannot bring its own html", () => {
    const copy = copyOf(read("newsletter-html-only.eml"), ["<script>alert(1)</script>@example.org"]);

    expect(parseMail(copy).html).not.toContain("<script>alert");
  });

  test("stands inside the html body, behind its tag", () => {
    expect(parseMail(copyOf(read("outlook-related.eml"))).html).toMatch(
      /<body lang=DE><div style=[^>]+>This message/u,
    );
  });
});

describe("relayed mail", () => {
  test.each(fixtures.filter((name) => name !== "bcc-and-trigger.eml"))(
    "%s is relayed byte for byte",
    (name) => {
      const raw = read(name);

      expect(stripTriggers(raw)).toBe(raw);
    },
  );

  test("only the trigger and hidden recipients are taken out, with their folded lines", () => {
    const raw = Buffer.from(
      "Received: a\r\nBCC : x@y.example,\r\n\tz@y.example\r\nSubject: s\r\nx-sealpost: secure\r\n once\r\nTo: t\r\n\r\nBcc: text\r\n",
    );

    expect(stripTriggers(raw).toString()).toBe("Received: a\r\nSubject: s\r\nTo: t\r\n\r\nBcc: text\r\n");
  });

  test("a folded line of blanks does not end the header: hidden recipients behind it go too", () => {
    const raw = Buffer.from("Subject: s\n \nBcc: x@y.example\n\nBcc: text\n");

    expect(stripTriggers(raw).toString()).toBe("Subject: s\n \n\nBcc: text\n");
  });

  test("wherever hidden fields stand, all other bytes stay", () => {
    const line = fc.stringMatching(/^(?:Subject|To|X-Other|Bccc|X-Seal): [a-z ]{0,20}$/u);
    const hidden = fc.constantFrom(
      "Bcc: a@b.example",
      "X-Sealpost: secure 7d\r\n no-print",
      "X-SEALPOST-Banner: x",
    );
    const fields = fc.array(
      fc.oneof(
        line.map((text) => ({ text, kept: true })),
        hidden.map((text) => ({ text, kept: false })),
      ),
    );

    fc.assert(
      fc.property(fields, fc.uint8Array(), (header, body) => {
        const write = (lines: typeof header) =>
          Buffer.concat([
            Buffer.from(lines.map(({ text }) => `${text}\r\n`).join("")),
            Buffer.from("\r\n"),
            body,
          ]);

        expect(stripTriggers(write(header)).equals(write(header.filter(({ kept }) => kept)))).toBe(true);
      }),
    );
  });
});
