/**
 * The same mails through two stock parsers: where all should agree, they do.
 */
import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { simpleParser } from "mailparser";
import PostalMime from "postal-mime";
import { expect, test } from "vitest";
import { parseMail } from "./parse-mail.ts";

const folder = new URL("fixtures/", import.meta.url);
/** winmail.dat is opened by none of the others. */
const OURS_ALONE = new Set(["exchange-winmail.eml"]);
const fixtures = readdirSync(folder).filter((name) => name.endsWith(".eml") && !OURS_ALONE.has(name));

function words(text: string | null | undefined): string {
  return (text ?? "").replace(/\s+/gu, " ").trim();
}

test.each(fixtures)("%s: subject, people and attachments as postal-mime reads them", async (name) => {
  const raw = readFileSync(new URL(name, folder));

  const ours = parseMail(raw);
  const theirs = await PostalMime.parse(raw);

  // postal-mime cannot join a letter that its sender split over two encoded words
  if (!theirs.subject?.includes("\uFFFD")) expect(words(ours.subject)).toBe(words(theirs.subject));
  expect(ours.from[0]?.address).toBe(theirs.from?.address);
  expect(ours.to.map(({ address }) => address)).toEqual((theirs.to ?? []).map(({ address }) => address));
  expect(ours.messageId).toBe(theirs.messageId ?? null);
});

test.each(fixtures)("%s: attachments byte for byte as mailparser reads them", async (name) => {
  const raw = readFileSync(new URL(name, folder));

  const ours = parseMail(raw).attachments.map((each) => Buffer.from(each.content()).toString("base64"));
  const theirs = (await simpleParser(raw)).attachments.map((each) => each.content.toString("base64"));

  // delivery reports and calendars are text to mailparser, attachments to us: nothing of theirs is missing
  expect(ours).toEqual(expect.arrayContaining(theirs));
});

type Made = {
  subject: string;
  text: string;
  files: { name: string; content: Uint8Array; encoding: string }[];
};

const printable = fc
  .string({ unit: fc.constantFrom(..."abc äöü€ж漢 =?._-'[]"), maxLength: 40 })
  .map((text) => text.trim());
const made: fc.Arbitrary<Made> = fc.record({
  subject: printable,
  text: fc.array(printable, { maxLength: 5 }).map((lines) => lines.join("\n")),
  files: fc.array(
    fc.record({
      name: fc.stringMatching(/^[a-z]{1,12}\.[a-z]{3}$/u),
      content: fc.uint8Array({ maxLength: 200 }),
      encoding: fc.constant("base64"),
    }),
    { maxLength: 4 },
  ),
});

function write({ subject, text, files }: Made): Buffer {
  const b64 = (content: string | Uint8Array) =>
    Buffer.from(content).toString("base64").replace(/.{76}/gu, "$&\r\n");
  const parts = [
    `Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n${b64(text)}`,
    ...files.map(
      ({ name, content }) =>
        `Content-Type: application/octet-stream\r\nContent-Disposition: attachment; filename="${name}"\r\nContent-Transfer-Encoding: base64\r\n\r\n${b64(content)}`,
    ),
  ];
  const head = `From: alice@acme.example\r\nSubject: =?utf-8?B?${Buffer.from(subject).toString("base64")}?=\r\n`;
  const type = 'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="=_b"\r\n\r\n';
  return Buffer.from(`${head}${type}${parts.map((part) => `--=_b\r\n${part}\r\n`).join("")}--=_b--\r\n`);
}

test("whatever is written can be read: words and files of any generated mail", async () => {
  await fc.assert(
    fc.asyncProperty(made, async (mail) => {
      const raw = write(mail);

      const ours = parseMail(raw);
      const theirs = await PostalMime.parse(raw, { attachmentEncoding: "arraybuffer" });

      expect(words(ours.subject)).toBe(words(mail.subject));
      expect(words(ours.text)).toBe(words(mail.text));
      expect(ours.attachments.map(({ name }) => name)).toEqual(mail.files.map(({ name }) => name));
      ours.attachments.forEach((each, index) => {
        expect(Buffer.from(each.content())).toEqual(Buffer.from(mail.files[index]!.content));
        expect(each.size).toBe((theirs.attachments[index]!.content as ArrayBuffer).byteLength);
      });
    }),
    { numRuns: 150 },
  );
});
