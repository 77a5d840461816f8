import { expect, test } from "vitest";
import { utf8 } from "../bytes.ts";
import { OPEN_CONTROLS } from "../wire/controls.ts";
import { openAttachment, sealAttachment } from "./attachment.ts";
import { openMessage, sealMessage } from "./message.ts";
import { makeMessageKeys } from "./message-keys.ts";
import { webCryptoPrimitives } from "./webcrypto.ts";

test("smoke", async () => {
  const p = webCryptoPrimitives(globalThis.crypto);
  const sk = (await p.importSigningKey(await p.generateBareKey()))!;
  const bare = await p.generateBareKey();
  const pair = (await p.importKeyPair(bare))!;
  const keys = makeMessageKeys(p, crypto.randomUUID());
  const a = await sealAttachment(p, keys, { part: 1, bytes: new Uint8Array(200000) });
  const facts = {
    deploymentId: "d",
    ownerAccountId: "o",
    threadId: "t",
    createdAtMs: 5,
    latestExpiryMs: null,
    controls: OPEN_CONTROLS,
  };
  const att = { id: "a1", part: 1, sha256: a.sha256, size: a.size };
  const sealed = await sealMessage(p, sk, {
    facts,
    keys,
    header: {
      v: 1,
      subject: "s",
      from: { name: "", address: "a@b" },
      to: [],
      cc: [],
      date: "",
      attachmentCount: 1,
    },
    body: {
      v: 1,
      text: "hi",
      html: null,
      attachments: [{ part: 1, name: "n", type: "t", size: a.size, inline: false }],
    },
    attachments: [att],
    mailboxes: [{ id: "m", publicKey: bare.publicKey, keyVersion: 1 }],
  });
  const o = await openMessage(
    p,
    { signingPublicKey: sk.publicKey, mailbox: { id: "m", keyPair: pair, keyVersion: 1 }, nowMs: 10 },
    {
      facts,
      messageId: keys.messageId,
      expiresAtMs: null,
      ...sealed,
      ...sealed.sealedKeys[0]!,
      attachments: [att],
    },
  );
  expect(o).toMatchObject({ kind: "opened", value: { body: { text: "hi" } } });
  const x = await openAttachment(p, keys, { ...att, cipher: a.cipher });
  expect(x).toEqual({ kind: "opened", value: new Uint8Array(200000) });
});
