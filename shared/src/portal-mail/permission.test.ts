import { describe, expect, test } from "vitest";
import { mayReply, mayWrite, type Writing } from "./permission.ts";

const [alice, carol, dora, bob] = [
  "alice@acme.example",
  "carol@acme.example",
  "dora@elsewhere.example",
  "bob@elsewhere.example",
];
const open = { reply: true, replyAll: true };
const answered = { owner: alice, controls: open, ended: false, people: new Set([alice, carol, dora, bob]) };
const writing: Writing = {
  ...{ kind: "reply", recipients: [alice], me: bob, internal: false, organisation: "Acme" },
  ...{ answered, correspondents: new Set<string>() },
};
const fresh: Writing = { ...writing, kind: "new", answered: null, correspondents: new Set([alice]) };
const kindOf = (asked: Writing) => mayWrite(asked).kind;

describe("Bob answers Alice's message", () => {
  test("to her, and to all of its people where she allows it", () => {
    expect(kindOf(writing)).toBe("allowed");
    expect(kindOf({ ...writing, kind: "reply-all", recipients: [alice, carol, dora] })).toBe("allowed");
  });

  test("not where she forbids replies, nor to all where she forbids that, whatever the answer calls itself", () => {
    const noReply = { ...answered, controls: { reply: false, replyAll: true } };
    const noReplyAll = { ...answered, controls: { reply: true, replyAll: false } };

    expect(kindOf({ ...writing, answered: noReply })).toBe("refused");
    expect(kindOf({ ...writing, kind: "reply-all", answered: noReply })).toBe("refused");
    expect(kindOf({ ...writing, answered: noReplyAll })).toBe("allowed");
    expect(kindOf({ ...writing, kind: "reply-all", recipients: [alice, dora], answered: noReplyAll })).toBe(
      "refused",
    );
    expect(kindOf({ ...writing, kind: "reply", recipients: [alice, dora], answered: noReplyAll })).toBe(
      "refused",
    );
  });

  test("not once it has ended, nor where it is not his", () => {
    expect(kindOf({ ...writing, answered: { ...answered, ended: true } })).toBe("refused");
    expect(kindOf({ ...writing, answered: null })).toBe("refused");
  });

  test("not to strangers beside her, and to colleagues of hers only if they have written to him", () => {
    const frank = "frank@acme.example";
    const toFrank: Writing = { ...writing, kind: "reply-all", recipients: [alice, frank] };

    expect(kindOf(toFrank)).toBe("refused");
    expect(kindOf({ ...toFrank, correspondents: new Set([frank]) })).toBe("allowed");
  });
});

describe("Bob writes anew", () => {
  test("to whom has written to him, and to nobody else", () => {
    expect(kindOf(fresh)).toBe("allowed");
    expect(kindOf({ ...fresh, recipients: [alice, carol] })).toBe("refused");
    expect(kindOf({ ...fresh, recipients: [dora] })).toBe("refused");
  });

  test("and the refusal says the same whoever is meant", () => {
    const words = (address: string) => {
      const permission = mayWrite({ ...fresh, recipients: [address] });
      return permission.kind === "refused" ? permission.tellSender.replace(address, "X") : null;
    };

    expect(words(carol)).toBe("You can write to people of Acme who have written to you, but not to X.");
    expect(words("nobody-at-all@acme.example")).toBe(words(carol));
    expect(words(dora)).toBe(words(carol));
  });
});

test("Alice, inside, writes to whom she likes, and yet cannot answer what forbids it", () => {
  const inside: Writing = { ...fresh, me: alice, internal: true, recipients: ["anybody@elsewhere.example"] };
  const forbidden = { ...answered, owner: bob, controls: { reply: false, replyAll: false } };

  expect(kindOf(inside)).toBe("allowed");
  expect(kindOf({ ...inside, kind: "reply", recipients: [bob], answered: forbidden })).toBe("refused");
});

test("one's own message can be followed up whatever it forbids others, until it has ended", () => {
  const mine = { owner: bob, controls: { reply: false, replyAll: false }, ended: false };

  expect(mayReply(mine, bob, "reply-all")).toEqual({ kind: "allowed" });
  expect(mayReply(mine, dora, "reply")).toEqual({ kind: "refused", because: "reply-forbidden" });
  expect(mayReply({ ...mine, ended: true }, bob, "reply")).toEqual({ kind: "refused", because: "ended" });
});
