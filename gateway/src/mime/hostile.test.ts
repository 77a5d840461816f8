/**
 * Damaged and hostile mail: it stays readable, its problems are named, and it costs what its bytes cost.
 */
import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { NESTING_MAX, PARTS_MAX } from "./limits.ts";
import { parseMail } from "./parse-mail.ts";

const HEAD = "From: ann@acme.example\r\nSubject: x\r\nMIME-Version: 1.0\r\n";

function parse(text: string) {
  return parseMail(Buffer.from(text, "latin1"));
}

function multipart(boundary: string, body: string) {
  return parse(`${HEAD}Content-Type: multipart/mixed; boundary="${boundary}"\r\n\r\n${body}`);
}

function kinds(mail: ReturnType<typeof parse>) {
  return mail.problems.map((problem) => problem.kind);
}

/** Reads everything that a mail has, as the gateway would. */
function readAll(raw: Buffer) {
  const mail = parseMail(raw);
  const sizes = mail.attachments.map((attachment) => attachment.content().length);
  return { ...mail, sizes };
}

describe("structure that is damaged", () => {
  test("a missing last boundary loses nothing", () => {
    const mail = multipart(
      "aa",
      "--aa\r\n\r\nFirst.\r\n--aa\r\nContent-Type: image/png; name=a.png\r\n\r\nend",
    );

    expect(mail.text).toBe("First.");
    expect(mail.attachments).toMatchObject([{ name: "a.png", size: 3 }]);
    expect(kinds(mail)).toEqual(["damaged-structure"]);
  });

  test("a boundary that begins with another one is not that one", () => {
    const mail = multipart("aa", "--aa\r\n\r\nFirst.\r\n--aab\r\nstill first\r\n--aa--x\r\nstill\r\n--aa--");

    expect(mail.text).toBe("First.\n--aab\nstill first\n--aa--x\nstill");
  });

  test("an outer boundary ends inner parts that were never closed", () => {
    const inner =
      'Content-Type: multipart/alternative; boundary="aa-inner"\r\n\r\n--aa-inner\r\n\r\nInner.\r\n';
    const mail = multipart("aa", `--aa\r\n${inner}--aa\r\nContent-Type: x/y; name=b\r\n\r\nB\r\n--aa--`);

    expect(mail.text).toBe("Inner.");
    expect(mail.attachments).toMatchObject([{ name: "b", size: 1 }]);
  });

  test("no boundary parameter: everything is readable as text", () => {
    const mail = parse(`${HEAD}Content-Type: multipart/mixed\r\n\r\n--zz\r\n\r\nHello\r\n--zz--`);

    expect(mail.text).toContain("Hello");
    expect(kinds(mail)).toEqual(["damaged-structure"]);
  });

  test("a header that no blank line ends", () => {
    const mail = parse("From: ann@acme.example\r\nSubject: x\r\nHello Bob,\r\nhow are you?");

    expect(mail).toMatchObject({ subject: "x", text: "Hello Bob,\nhow are you?" });
  });

  test("a stray line inside the header does not hide the fields behind it", () => {
    const mail = parse(
      "From: ann@acme.example\r\nstray line\r\nX-Sealpost: secure\r\nSubject: x\r\n\r\nHello",
    );

    expect(mail).toMatchObject({ subject: "x", trigger: "secure", text: "Hello" });
  });

  test.each([
    ["bare line feeds", "\n"],
    ["bare carriage returns", "\r"],
  ])("%s as line breaks", (_, lineBreak) => {
    const mail = parse(
      `${HEAD}Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\n\r\nHello\r\n--a--`.replaceAll(
        "\r\n",
        lineBreak,
      ),
    );

    expect(mail).toMatchObject({ subject: "x", text: "Hello" });
  });

  test("a mailbox file's first line is no header", () => {
    const mail = parse(`From ann Tue Nov 24 10:42:00 2026\r\n${HEAD}\r\nHello`);

    expect(mail).toMatchObject({ subject: "x", text: "Hello" });
  });
});

describe("encodings that are damaged", () => {
  function encoded(encoding: string, body: string, type = "text/plain; charset=utf-8") {
    return parse(`${HEAD}Content-Type: ${type}\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n${body}`)
      .text;
  }

  test.each([
    ["base64", "SGVsbG8", "Hello"],
    ["base64", "SGVs\r\n!!bG8=\r\n", "Hello"],
    ["base64", "SGVsbG8=\r\nIEJvYg==\r\n", "Hello Bob"],
    ["BASE64 ", "SGVsbG8=", "Hello"],
    ["quoted-printable", "Hell=6F=", "Hello"],
    ["quoted-printable", "100 = 50 + 50=3", "100 = 50 + 50=3"],
    ["quoted-printable", "Hello =  \r\nBob", "Hello Bob"],
    ["quoted-printable", "Hello   \r\nBob=20\r\nx", "Hello\nBob \nx"],
    ["quoted-printable", "J=c3=b6rg", "Jörg"],
    ["x-uuencode", "begin 644 a.txt\r\n%2&5L;&\\\r\n`\r\nend\r\n", "Hello"],
    ["x-unheard-of", "Hello", "Hello"],
  ])("%s: %j", (encoding, body, text) => {
    expect(encoded(encoding, body)).toBe(text);
  });

  test.each([
    ["text/plain; charset=iso-8859-1", "J\xc3\xb6rg", "Jörg"],
    ["text/plain", "J\xc3\xb6rg", "Jörg"],
    ["text/plain", "J\xf6rg", "Jörg"],
    ["text/plain; charset=utf-8", "J\xf6rg in K\xf6ln", "Jörg in Köln"],
    ["text/plain; charset=us-ascii", "\x93Hi\x94", "“Hi”"],
    ["text/plain; charset=\"'cp1252'\"", "\x80", "€"],
    ["text/plain; charset=utf-7", "J+APY-rg", "Jörg"],
    ["text/plain; charset=iso-2022-kr", "\x1b$)C\x0e>H\x0f", "안"],
    ["text/plain; charset=hz-gb-2312", "~{Dc:C~}", "你好"],
    ["text/html; charset=", '<meta charset="koi8-r">\xf0', "П"],
  ])("%s", (type, body, text) => {
    expect(encoded("8bit", body, type)).toBe(text);
  });

  test("an unknown charset stays readable, and is named", () => {
    const mail = parse(`${HEAD}Content-Type: text/plain; charset=klingon\r\n\r\nHello`);

    expect(mail.text).toBe("Hello");
    expect(kinds(mail)).toEqual(["unknown-charset"]);
  });
});

describe("limits", () => {
  test("parts beyond the limit are kept undivided", () => {
    const mail = multipart(
      "zz",
      `${"--zz\r\nContent-Type: x/y; name=f\r\n\r\nhi\r\n".repeat(PARTS_MAX + 10)}--zz--`,
    );

    expect(mail.attachments).toHaveLength(PARTS_MAX);
    expect(mail.attachments.at(-1)).toMatchObject({ name: "unread-parts.txt" });
    expect(Buffer.from(mail.attachments.at(-1)!.content()).toString()).toContain("hi");
    expect(kinds(mail)).toContain("too-many-parts");
  });

  test("as many parts as the limit allows are all read", () => {
    const mail = multipart(
      "zz",
      `${"--zz\r\nContent-Type: x/y; name=f\r\n\r\nhi\r\n".repeat(PARTS_MAX - 1)}--zz--`,
    );

    expect(mail.attachments).toHaveLength(PARTS_MAX - 1);
    expect(mail.problems).toEqual([]);
  });

  test("nesting beyond the limit is kept undivided", () => {
    const levels = Array.from(
      { length: NESTING_MAX + 5 },
      (_, level) => `--b${level}\r\nContent-Type: multipart/mixed; boundary=b${level + 1}\r\n\r\n`,
    );
    const mail = multipart("b0", `${levels.join("")}--b${NESTING_MAX + 5}\r\n\r\nthe deepest words`);

    expect(kinds(mail)).toContain("too-deep");
    expect(Buffer.from(mail.attachments[0]!.content()).toString()).toContain("the deepest words");
  });

  test("100,000 header fields are read as far as the limit, and named", () => {
    const mail = parse(`${HEAD}${"X-A: b\r\n".repeat(100_000)}\r\nHello`);

    expect(mail).toMatchObject({ subject: "x", text: "Hello" });
    expect(kinds(mail)).toEqual(["too-many-headers"]);
  });
});

describe("time", () => {
  const repeat = (piece: string, bytes: number) => piece.repeat(Math.ceil(bytes / piece.length));
  const shapes: Record<string, (bytes: number) => string> = {
    parts: (bytes) =>
      `${HEAD}Content-Type: multipart/mixed; boundary=z\r\n\r\n${repeat("--z\r\n\r\nhi\r\n", bytes)}`,
    "lines like boundaries": (bytes) =>
      `${HEAD}Content-Type: multipart/mixed; boundary=zz\r\n\r\n${repeat("--z\r\n", bytes)}`,
    "folded fields": (bytes) => `${HEAD}X-A: a\r\n${repeat(" b\r\n", bytes)}\r\nhi`,
    "encoded words": (bytes) => `Subject: ${repeat("=?utf-8?Q?=C3=A4?= ", bytes)}\r\n\r\nhi`,
    "unfinished words": (bytes) => `Subject: ${repeat("=?utf-8?Q?", bytes)}\r\n\r\nhi`,
    "open tags": (bytes) => `Subject: ${repeat("[secure ", bytes)}\r\n\r\nhi`,
    "html nesting": (bytes) => `${HEAD}Content-Type: text/html\r\n\r\n${repeat("<div>", bytes)}`,
    "html quotes": (bytes) => `${HEAD}Content-Type: text/html\r\n\r\n${repeat('<a href="', bytes)}`,
    "padded base64": (bytes) =>
      `${HEAD}Content-Transfer-Encoding: base64\r\n\r\n${repeat("YQ==\r\n", bytes)}`,
    "soft breaks": (bytes) =>
      `${HEAD}Content-Transfer-Encoding: quoted-printable\r\n\r\n=${repeat(" ", bytes)}x`,
    "one line": (bytes) => `${HEAD}\r\n${repeat("a", bytes)}`,
    "nested mails": (bytes) => `${HEAD}${repeat("Content-Type: message/rfc822\r\n\r\n", bytes)}`,
  };

  function seconds(raw: Buffer): number {
    const times = [1, 2, 3].map(() => {
      const start = performance.now();
      readAll(raw);
      return performance.now() - start;
    });
    return Math.min(...times);
  }

  test.each(Object.keys(shapes))("ten times the %s take about ten times as long", (name) => {
    const make = shapes[name]!;
    const small = seconds(Buffer.from(make(100_000), "latin1"));
    const large = seconds(Buffer.from(make(1_000_000), "latin1"));

    // quadratic would be a hundred times; the milliseconds are the clock's and the collector's noise
    expect(large).toBeLessThan(small * 30 + 60);
  });
});

test("no mail makes the parser throw: fixtures with bytes changed, cut, and doubled", () => {
  const folder = new URL("fixtures/", import.meta.url);
  const mails = readdirSync(folder).map((name) => readFileSync(new URL(name, folder)));
  const edit = fc.record({ at: fc.nat(), length: fc.nat(40), bytes: fc.uint8Array({ maxLength: 12 }) });

  fc.assert(
    fc.property(fc.constantFrom(...mails), fc.array(edit, { maxLength: 6 }), (mail, edits) => {
      const damaged = edits.reduce((raw, { at, length, bytes }) => {
        const start = at % (raw.length + 1);
        return Buffer.concat([raw.subarray(0, start), bytes, raw.subarray(start + length)]);
      }, mail);

      expect(() => readAll(damaged)).not.toThrow();
    }),
    { numRuns: 600 },
  );
});

test("of twenty thousand references the first and the newest are kept", () => {
  const ids = Array.from({ length: 20_000 }, (_, index) => `<${index}@acme.example>`);
  const { references } = parse(`References: ${ids.join("\r\n ")}\r\n\r\nHello`);

  expect(references).toHaveLength(200);
  expect(references[0]).toBe("<0@acme.example>");
  expect(references.at(-1)).toBe("<19999@acme.example>");
});
