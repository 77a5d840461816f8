import { expect, test } from "vitest";
import { readPath } from "../arrival/arrived.ts";
import { splitRecipients } from "./recipients.ts";

const isInternal = (address: string) => address.endsWith("@acme.example");
const mail = {
  to: [{ name: "Bob", address: "Bob@Elsewhere.example" }],
  cc: [{ name: "", address: "carol@acme.example" }],
};

function split(envelope: readonly string[], sealsForEverybody = false) {
  const result = splitRecipients(envelope.map(readPath), mail, { isInternal, sealsForEverybody });
  return result.kind === "split"
    ? result.recipients.map(({ address, kind, channel }) => `${address} ${kind} ${channel}`)
    : result;
}

test("Bob outside is sealed to, Carol inside gets mail, and Dora, whom no header names, is a blind copy", () => {
  expect(split(["bob@elsewhere.example", "carol@acme.example", "dora@elsewhere.example"])).toEqual([
    "bob@elsewhere.example to sealed",
    "carol@acme.example cc mail",
    "dora@elsewhere.example bcc sealed",
  ]);
});

test("Bob in three spellings is one Bob", () => {
  expect(split(["bob@elsewhere.example", "BOB@elsewhere.example", "Bob@ELSEWHERE.example"])).toHaveLength(1);
});

test("a definition that seals for everybody seals for Carol too", () => {
  expect(split(["carol@acme.example"], true)).toEqual(["carol@acme.example cc sealed"]);
});

test("headers alone reach nobody: only the envelope's recipients are split", () => {
  expect(split(["dora@elsewhere.example"])).toEqual(["dora@elsewhere.example bcc sealed"]);
});

test("an address literal, under which nobody can sign in, is not sealed to", () => {
  expect(split(["bob@[192.0.2.1]"])).toEqual({ kind: "no-mailbox", given: "bob@[192.0.2.1]" });
});
