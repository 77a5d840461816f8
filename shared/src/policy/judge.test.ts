import { describe, expect, test } from "vitest";
import { OPEN_CONTROLS } from "../wire/controls.ts";
import type { Definition } from "./definition.ts";
import { judge } from "./judge.ts";
import { NO_RULING } from "./rule.ts";
import { mail } from "./testing/mail.ts";

const DAY = 86_400_000;

function definition(name: string, changes: Partial<Definition> = {}): Definition {
  return {
    name,
    controls: OPEN_CONTROLS,
    expiresAfterMs: 30 * DAY,
    sealsForEverybody: false,
    tellsSender: false,
    label: null,
    ...changes,
  };
}

const standard = definition("standard");
const board = definition("board-papers", {
  controls: { ...OPEN_CONTROLS, print: false },
  expiresAfterMs: 7 * DAY,
});
const context = {
  definitions: [standard, board],
  defaultDefinition: standard,
  confidentialDefinition: null,
  thread: null,
  ruling: NO_RULING,
};

describe("a mail outside every secured thread", () => {
  test("without a tag it is relayed", () => {
    expect(judge(mail({}), context)).toEqual({ kind: "relay", because: null });
  });

  test("with a tag it is secured under the default definition, without the tag", () => {
    const verdict = judge(mail({ subject: "[secure 60d] Results" }), context);

    expect(verdict).toMatchObject({
      kind: "secure",
      subject: "Results",
      definition: standard,
      terms: { expiresAfterMs: 60 * DAY },
      because: { kind: "tag" },
    });
  });

  test("a definition that Ann names binds her: she may shorten, not lengthen", () => {
    const longer = judge(mail({ subject: "[secure board-papers 60d] x" }), context);
    const shorter = judge(mail({ subject: "[secure board-papers 1d] x" }), context);

    expect(longer).toMatchObject({ definition: board, terms: { expiresAfterMs: 7 * DAY } });
    expect(shorter).toMatchObject({ definition: board, terms: { expiresAfterMs: DAY } });
  });

  test("a typing error in the tag refuses the mail with the options that exist", () => {
    const verdict = judge(mail({ subject: "[secure no-pritn] x" }), context);

    expect(verdict).toMatchObject({ kind: "refuse", because: { kind: "bad-tag" } });
    expect(verdict.kind === "refuse" && verdict.tellSender).toBe(
      'The secure tag has an unknown option "no-pritn". Known options: 12h, 7d, no-print, no-reply, no-reply-all, no-download, receipt, once, watermark, standard, board-papers. The mail was not sent.',
    );
  });

  test("what the sender wrote cannot break the SMTP answer", () => {
    const verdict = judge(mail({ subject: `[secure ${"\u0007\u{1f600}x".repeat(100)}] x` }), context);

    expect(verdict.kind === "refuse" && /^[\x20-\x7e]+$/u.test(verdict.tellSender)).toBe(true);
    expect(verdict.kind === "refuse" && verdict.tellSender.length).toBeLessThan(300);
  });
});

test("the refusal fits one SMTP line, however many definitions there are", () => {
  const definitions = Array.from({ length: 200 }, (_, index) => definition(`größe-${index}`));
  const verdict = judge(mail({ subject: "[secure oops] x" }), { ...context, definitions });

  expect(verdict.kind === "refuse" && verdict.tellSender).toMatch(/^[\x20-\x7e]{100,490}$/u);
});

describe("a reply inside a secured thread", () => {
  const inThread = { ...context, thread: "board-papers" };

  test("it is secured with the thread's definition, though nobody tagged it", () => {
    const verdict = judge(mail({ subject: "Re: Results" }), inThread);

    expect(verdict).toMatchObject({ kind: "secure", definition: board, because: { kind: "thread" } });
  });

  test("a tag tightens it", () => {
    const verdict = judge(mail({ subject: "Re: [secure 1d once] Results" }), inThread);

    expect(verdict).toMatchObject({
      subject: "Re: Results",
      terms: { expiresAfterMs: DAY, controls: { print: false, viewLimit: 1 } },
    });
  });

  test("a tag does not loosen it, neither by a time nor by another definition", () => {
    const verdict = judge(mail({ subject: "Re: [secure standard 30d] Results" }), inThread);

    expect(verdict).toMatchObject({
      definition: board,
      terms: { expiresAfterMs: 7 * DAY, controls: { print: false } },
    });
  });

  test("it stays secured when the thread's definition is gone", () => {
    const verdict = judge(mail({ subject: "Re: Results" }), { ...context, thread: "deleted-since" });

    expect(verdict).toMatchObject({ kind: "secure", definition: standard });
  });

  test("a typing error is refused there too", () => {
    expect(judge(mail({ subject: "Re: [secure oops] x" }), inThread)).toMatchObject({ kind: "refuse" });
  });
});

describe("a mail whose end nobody saw", () => {
  const problem = { kind: "too-deep", detail: "Its parts are nested more than 30 levels deep." } as const;

  test("it is not relayed unseen", () => {
    const verdict = judge(mail({ problems: [problem] }), context);

    expect(verdict).toMatchObject({ kind: "refuse", because: { kind: "unscannable", problem } });
  });

  test("it may be secured, since nobody but the recipient will see it", () => {
    expect(judge(mail({ subject: "[secure] x", problems: [problem] }), context)).toMatchObject({
      kind: "secure",
    });
  });

  test("mail that is merely encrypted is relayed as long as no policy minds", () => {
    const encrypted = { kind: "encrypted", detail: "A part is encrypted." } as const;

    expect(judge(mail({ problems: [encrypted] }), context)).toEqual({ kind: "relay", because: null });
  });
});
