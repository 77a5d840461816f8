/** What Bob's device does with a message that a database writer has worked on. */
import { beforeAll, describe, expect, test } from "vitest";
import { sealAttachment } from "./attachment.ts";
import { openListedHeader, openMessage, type ReleasedMessage, sealMessage } from "./message.ts";
import { makeMessageKeys, type OpenMailbox } from "./message-keys.ts";
import type { SigningKey } from "./primitives.ts";
import { bareOf, pairOf, released } from "./trials/frozen.ts";
import * as sample from "./trials/sample.ts";
import { webCryptoPrimitives } from "./webcrypto.ts";

const primitives = webCryptoPrimitives(globalThis.crypto);
const world = {} as { mailbox: OpenMailbox; signingKey: SigningKey };

beforeAll(async () => {
  world.mailbox = { ...sample.BOBS_MAILBOX, keyPair: await pairOf(primitives, "mailbox") };
  world.signingKey = (await primitives.importSigningKey(bareOf("signing")))!;
});

describe("Bob opens", () => {
  test("the message as it was sealed, and both his devices see the same", async () => {
    const message = released();

    expect(await bobOpens(message)).toMatchObject({ kind: "opened", value: { body: sample.BODY } });
    expect(await bobOpens(message)).toEqual(await bobOpens(message));
  });

  test("until the earlier of what the database says and what was signed", async () => {
    const soon = sample.IN_TIME + 1_000;
    const late = sample.TOO_LATE + 1_000;

    expect(await bobOpens({ ...released(), expiresAtMs: soon })).toMatchObject({ value: { endsAtMs: soon } });
    expect(await bobOpens({ ...released(), expiresAtMs: late })).toMatchObject({
      value: { endsAtMs: sample.FACTS.latestExpiryMs },
    });
    expect(await bobOpens({ ...released(), expiresAtMs: sample.IN_TIME })).toEqual({
      kind: "expired",
      atMs: sample.IN_TIME,
    });
    expect((await bobOpens({ ...released(), expiresAtMs: late }, sample.TOO_LATE)).kind).toBe("expired");
  });

  test("without end what was signed without end", async () => {
    const { message } = await annSeals({ facts: { ...sample.FACTS, latestExpiryMs: null } });

    expect(await bobOpens(message)).toMatchObject({ kind: "opened", value: { endsAtMs: null } });
  });
});

describe("Bob sees that it is forged when a database writer", () => {
  const message = released();
  const first = message.attachments[0]!;
  const facts = (changed: Partial<typeof message.facts>) => ({ facts: { ...message.facts, ...changed } });

  test.each<[string, Partial<ReleasedMessage>]>([
    ["gives it another owner", facts({ ownerAccountId: sample.OTHER })],
    ["moves it to another thread", facts({ threadId: sample.OTHER })],
    ["moves it to another time", facts({ createdAtMs: 1 })],
    ["lengthens its latest expiry", facts({ latestExpiryMs: sample.TOO_LATE * 2 })],
    ["takes its latest expiry away", facts({ latestExpiryMs: null })],
    ["allows printing", facts({ controls: { ...sample.CONTROLS, print: true } })],
    ["takes the view limit away", facts({ controls: { ...sample.CONTROLS, viewLimit: null } })],
    ["swaps header and body", { header: message.body, body: message.header }],
    ["gives it another id", { messageId: sample.OTHER }],
    ["drops an attachment", { attachments: message.attachments.slice(1) }],
    ["adds an attachment", { attachments: [...message.attachments, { ...first, part: 9 }] }],
    ["exchanges an attachment's content", { attachments: [{ ...first, sha256: new Uint8Array(32) }] }],
  ])("%s", async (_, changed) => {
    expect(await bobOpens({ ...released(), ...changed })).toEqual({ kind: "forged", what: "signature" });
  });

  test("gives him the keys of another message", async () => {
    const { message: other } = await annSeals({});

    const { sealedHeaderKey, sealedContentKey } = other;
    const opened = await bobOpens({ ...released(), sealedHeaderKey, sealedContentKey });

    expect(opened).toEqual({ kind: "forged", what: "message keys" });
  });

  test("signs it with a key of his own", async () => {
    const own = (await primitives.importSigningKey(bareOf("gateway")))!;

    const { message } = await annSeals({ signingKey: own });

    expect(await bobOpens(message)).toEqual({ kind: "forged", what: "signature" });
  });

  test("but the order in which attachments are listed is nobody's business", async () => {
    const { attachments } = released();

    const opened = await bobOpens({ ...released(), attachments: attachments.toReversed() });

    expect(opened.kind).toBe("opened");
  });
});

describe("a message that its own gateway made badly is not shown", () => {
  test("with attachments that its body does not name", async () => {
    const { message } = await annSeals({ body: { ...sample.BODY, attachments: [] } });

    expect(await bobOpens(message)).toEqual({ kind: "forged", what: "attachments" });
  });

  test("with a header of an unknown shape", async () => {
    const { message } = await annSeals({ header: { ...sample.HEADER, bcc: "eve" } as typeof sample.HEADER });

    expect((await bobOpens(message)).kind).toBe("malformed");
  });
});

test.each([Number.NaN, 1.5, -1, Number.POSITIVE_INFINITY])(
  "a time of %d is malformed, and nothing throws",
  async (time) => {
    const message = released();

    expect((await bobOpens({ ...message, expiresAtMs: time })).kind).toBe("malformed");
    expect((await bobOpens({ ...message, facts: { ...message.facts, createdAtMs: time } })).kind).toBe(
      "malformed",
    );
  },
);

test("Eve, a member of another mailbox, opens neither message nor listed header", async () => {
  const eve = { ...world.mailbox, keyPair: await pairOf(primitives, "account") };
  const device = { signingPublicKey: world.signingKey.publicKey, mailbox: eve, nowMs: sample.IN_TIME };

  expect(await openMessage(primitives, device, released())).toMatchObject({ kind: "forged" });
  expect(await openListedHeader(primitives, eve, released())).toMatchObject({ kind: "forged" });
});

async function bobOpens(message: ReleasedMessage, nowMs = sample.IN_TIME) {
  const { mailbox, signingKey } = world;
  return await openMessage(primitives, { signingPublicKey: signingKey.publicKey, mailbox, nowMs }, message);
}

interface Wishes {
  readonly facts?: typeof sample.FACTS;
  readonly header?: typeof sample.HEADER;
  readonly body?: typeof sample.BODY;
  readonly signingKey?: SigningKey;
}

/** A message of Ann's with one attachment, sealed now, as the server releases it. */
async function annSeals(wishes: Wishes): Promise<{ message: ReleasedMessage }> {
  const keys = makeMessageKeys(primitives, crypto.randomUUID());
  const sealed = await sealAttachment(primitives, keys, { part: 1, bytes: sample.plainOf(10) });
  const attachments = [{ id: sample.attachmentId(1), part: 1, ...sealed }];
  const [named] = sample.BODY.attachments;
  const facts = wishes.facts ?? sample.FACTS;
  const message = await sealMessage(primitives, wishes.signingKey ?? world.signingKey, {
    ...{ facts, keys, attachments },
    header: wishes.header ?? sample.HEADER,
    body: wishes.body ?? { ...sample.BODY, attachments: [{ ...named!, size: 10 }] },
    mailboxes: [{ ...sample.BOBS_MAILBOX, publicKey: bareOf("mailbox").publicKey }],
  });
  const { sealedHeaderKey, sealedContentKey } = message.sealedKeys[0]!;
  const { messageId } = keys;
  return {
    message: {
      ...message,
      facts,
      messageId,
      attachments,
      expiresAtMs: null,
      sealedHeaderKey,
      sealedContentKey,
    },
  };
}
