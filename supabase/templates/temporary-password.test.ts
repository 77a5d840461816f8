/** The mail with the temporary password: one password, one address, and nothing about any message. */
import { expect, test } from "vitest";
import { english } from "./english.ts";
import { type TemporaryPassword, temporaryPasswordLetter } from "./temporary-password.ts";

const usual: TemporaryPassword = {
  organisation: "Acme Health",
  recipient: "bob@guest.example",
  whom: "recipient",
  password: "7K3M-Q9XD-2TVH",
  lifeSeconds: 7 * 24 * 3600,
  until: new Date("2026-12-01T10:42:59Z"),
  portal: new URL("https://secure.acme.example/"),
};

const letter = (change: Partial<TemporaryPassword> = {}) =>
  temporaryPasswordLetter({ ...usual, ...change }, english);

test("the password stands alone on a line of the text part, and once in each part", () => {
  const { text, html } = letter();

  expect(text.split("\n").filter((line) => line === usual.password)).toHaveLength(1);
  expect([text.split(usual.password).length, html.split(usual.password).length]).toEqual([2, 2]);
});

test("the subject does not hold the password, nor does what a list of mails shows first", () => {
  const { subject, html } = letter();

  expect(subject).toBe("Your temporary password for Acme Health secure messages");
  expect(/display:none[^>]*>([^<]*)/.exec(html)?.[1]).not.toContain(usual.password);
});

test("it leads to the portal's front page only", () => {
  const { text, html } = letter();

  expect([...html.matchAll(/href="([^"]*)"/g)].map(([, href]) => href)).toEqual([
    "https://secure.acme.example",
  ]);
  expect(text.match(/https?:\S+/g)).toEqual(["https://secure.acme.example"]);
});

test("it says how long it works, with the zone named, and that it is replaced", () => {
  expect(letter().text.replaceAll("\n", " ")).toContain(
    "It works for 7 days, until Tuesday 1 December 2026, 10:42 UTC. When you sign in for the first time, you replace it",
  );
  expect(letter({ lifeSeconds: 3600 }).text).toContain("It works for one hour");
  expect(letter({ lifeSeconds: 36 * 3600 }).text).toContain("It works for 36 hours");
});

test("whoever did not expect it may ignore it, and nobody will ask for it", () => {
  const text = letter().text.replaceAll("\n", " ");

  expect(text).toContain("If you did not expect this, ignore it: without you nobody can read the message.");
  expect(text).toContain("Nobody will ask you for this password");
});

test("a colleague who sent a first message is told that, not that somebody wrote to them", () => {
  expect(letter({ whom: "colleague" }).text).toContain("You sent your first secure message");
  expect(letter().text).not.toContain("You sent your first");
});
