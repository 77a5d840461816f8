/**
 * Outlook's rich text: published examples, and damage at every byte.
 */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parseMail } from "../parse-mail.ts";
import { decompressRtf } from "./compressed-rtf.ts";
import { readRtf } from "./rtf.ts";
import { readWinmail } from "./winmail.ts";

// [MS-OXRTFCP] section 4.1.1 and 4.1.2
test.each([
  [
    "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0",
    "{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n",
  ],
  ["1a0000001c0000004c5a4675e2d44b51410004205758595a0d6e7d010eb0", "{\\rtf1 WXYZWXYZWXYZWXYZWXYZ}"],
])("the specification's example of compressed RTF: %s", (hex, rtf) => {
  expect(decompressRtf(Buffer.from(hex, "hex"))?.toString("latin1")).toBe(rtf);
});

test("compressed RTF that claims gigabytes gets none", () => {
  const claim = Buffer.from("1a000000ffffff7f4c5a4675e2d44b51410004205758595a0d6e7d010eb0", "hex");

  expect(decompressRtf(claim)).toBeNull();
});

test.each([
  ["{\\rtf1\\ansi\\ansicpg1252 Hello\\par World}", "Hello\nWorld"],
  ["{\\rtf1\\ansi{\\fonttbl{\\f0 Arial;}}{\\*\\generator Riched;}\\f0 Hello \\b bold\\b0 !}", "Hello bold!"],
  ["{\\rtf1\\uc1 \\u26908?\\u26619?}", "検査"],
  ["{\\rtf1\\ansicpg932 \\'8e\\'91\\'97\\'bf}", "資料"],
  ["{\\rtf1 {\\pict 00ff00ff}after \\{braces\\}}", "after {braces}"],
  ["{\\rtf1 never closed", "never closed"],
  ["}}}}", ""],
])("plain words of %s", (rtf, text) => {
  expect(readRtf(Buffer.from(rtf, "latin1"))).toEqual({ kind: "text", text });
});

const winmail = Buffer.from(
  parseMail(
    Buffer.from(
      readFileSync(new URL("../fixtures/exchange-winmail.eml", import.meta.url), "latin1")
        .replaceAll("application/ms-tnef", "application/octet-stream")
        .replaceAll("winmail.dat", "kept.bin"),
      "latin1",
    ),
  ).attachments[0]!.content(),
);

test("it opens", () => {
  expect(readWinmail(winmail)?.attachments).toHaveLength(3);
});

test("cut at any byte it never throws", () => {
  for (let length = 0; length < winmail.length; length++) {
    expect(() => readWinmail(winmail.subarray(0, length))).not.toThrow();
  }
});

test("with any byte changed it never throws", () => {
  for (let at = 0; at < winmail.length; at++) {
    const changed = Buffer.from(winmail);
    changed[at] = (changed[at] ?? 0) ^ 0xff;

    expect(() => readWinmail(changed)).not.toThrow();
  }
});

test("one that is cut gives what stands before the cut, and stays attached too", () => {
  const cut = winmail.subarray(0, winmail.length - 100).toString("base64");
  const head =
    "Content-Type: application/ms-tnef; name=winmail.dat\r\nContent-Transfer-Encoding: base64\r\n\r\n";
  const mail = parseMail(Buffer.from(`${head}${cut}`));

  expect(mail.html).toContain("Grüße");
  expect(mail.attachments.map(({ name }) => name)).toEqual([
    "winmail.dat",
    "Bericht März.pdf",
    expect.any(String),
  ]);
  expect(mail.problems).toMatchObject([{ kind: "damaged-winmail" }]);
});

test("a file that is none stays attached, and is named", () => {
  const mail = parseMail(Buffer.from("Content-Type: application/ms-tnef; name=winmail.dat\r\n\r\nno tnef"));

  expect(mail.attachments).toMatchObject([{ name: "winmail.dat", size: 7 }]);
  expect(mail.problems).toMatchObject([{ kind: "damaged-winmail" }]);
});
