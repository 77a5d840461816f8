import { expect, test } from "vitest";
import { parseMail } from "../mime/parse-mail.ts";
import { type Letter, writeLetter } from "./letter.ts";

const ports = { noticeDomain: "secure.acme.example", newId: () => "1", now: () => 0 };
const letter: Letter = {
  to: "ann@acme.example",
  from: "Acme Größe",
  subject: "Your mail waits for review",
  paragraphs: ["Dear Ann,", "das ist für Sie."],
  about: "<mail@acme.example>",
};

function written(changes: Partial<Letter> = {}): string {
  return writeLetter(ports, { ...letter, ...changes }).toString("latin1");
}

test("Ann can read it, it stands beside the mail that it is about, and no machine answers it", () => {
  const mail = parseMail(writeLetter(ports, letter));

  expect(mail.from).toEqual([{ name: "Acme Größe", address: "mailer-daemon@secure.acme.example" }]);
  expect(mail.to).toEqual([{ name: "", address: "ann@acme.example" }]);
  expect(mail.text?.trim()).toMatch(/^Dear Ann,\r?\n\r?\ndas ist für Sie\.$/);
  expect(mail.inReplyTo).toEqual(["<mail@acme.example>"]);
  expect(written()).toContain("\r\nAuto-Submitted: auto-replied\r\n");
});

test("a long subject in another script comes back whole, and no line is longer than mail allows", () => {
  const subject = `Secured: ${"Годовой отчёт ".repeat(14)}`.trim();

  const text = written({ subject, paragraphs: ["字".repeat(5_000)] });

  expect(parseMail(Buffer.from(text, "latin1")).subject).toBe(subject);
  expect(Math.max(...text.split("\r\n").map((line) => line.length))).toBeLessThan(100);
});

test("what somebody else wrote adds no header line", () => {
  const hostile = "x\r\nBcc: eve@elsewhere.example";
  const headers = written({ subject: hostile, from: hostile, about: `<${hostile}>` }).split("\r\n\r\n")[0];

  expect(headers).not.toMatch(/^Bcc/im);
  expect(headers).not.toContain("In-Reply-To");
});
