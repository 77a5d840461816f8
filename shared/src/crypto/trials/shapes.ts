/**
 * Every sealed shape of version 1 with its right place and wrong ones, for the tampering trials. One set of primitives seals, another
 * may open: so a cross-check is the same trial.
 */
import type { Bytes } from "../../bytes.ts";
import { openAttachment, sealAttachment } from "../attachment.ts";
import { type OpenMailbox, openHeaderKey, openMessageKeys, sealMessageKeys } from "../message-keys.ts";
import { openPart, sealPart } from "../parts.ts";
import type { Primitives } from "../primitives.ts";
import { attest, signMessage, verifyAttestation, verifyMessage } from "../signature.ts";
import { bareOf, messageKeys, pairOf } from "./frozen.ts";
import { accountShapes, mailboxShape, parcelShapes } from "./private-key-shapes.ts";
import * as sample from "./sample.ts";
import { inPlaces, type Opening, type SealedShape } from "./sealed-shape.ts";
import { present } from "./trial.ts";

export async function makeShapes(sealer: Primitives, opener: Primitives): Promise<readonly SealedShape[]> {
  return [
    ...(await keyShapes(sealer, opener)),
    ...(await partShapes(sealer, opener)),
    ...(await accountShapes(sealer, opener)),
    await mailboxShape(sealer, opener),
    ...(await parcelShapes(sealer, opener)),
    ...(await signatureShapes(sealer, opener)),
  ];
}

async function keyShapes(sealer: Primitives, opener: Primitives): Promise<readonly SealedShape[]> {
  const { publicKey } = bareOf("mailbox");
  const sealed = await sealMessageKeys(sealer, messageKeys(), { ...sample.BOBS_MAILBOX, publicKey });
  const own: OpenMailbox = { ...sample.BOBS_MAILBOX, keyPair: await pairOf(opener, "mailbox") };
  const places: Record<string, { mailbox: OpenMailbox; messageId: string }> = {
    "another message": { mailbox: own, messageId: sample.OTHER },
    "another mailbox": { mailbox: { ...own, id: sample.OTHER }, messageId: sample.MESSAGE },
    "another key version": { mailbox: { ...own, keyVersion: 2 }, messageId: sample.MESSAGE },
    "another key": {
      mailbox: { ...own, keyPair: await pairOf(opener, "account") },
      messageId: sample.MESSAGE,
    },
  };
  const header =
    (mailbox: OpenMailbox, messageId: string): Opening =>
    (blob) =>
      openHeaderKey(opener, mailbox, { messageId, sealedHeaderKey: blob });
  const content = (mailbox: OpenMailbox, messageId: string) => (blob: Bytes) =>
    openMessageKeys(opener, mailbox, { ...sealed, messageId, sealedContentKey: blob });
  const elsewhere = (opening: typeof header) =>
    inPlaces(places, ({ mailbox, messageId }) => opening(mailbox, messageId));
  return [
    {
      name: "header key",
      sealed: sealed.sealedHeaderKey,
      open: header(own, sample.MESSAGE),
      elsewhere: { ...elsewhere(header), "the content key": content(own, sample.MESSAGE) },
    },
    {
      name: "content key",
      sealed: sealed.sealedContentKey,
      open: content(own, sample.MESSAGE),
      elsewhere: { ...elsewhere(content), "the header key": header(own, sample.MESSAGE) },
    },
  ];
}

async function partShapes(sealer: Primitives, opener: Primitives): Promise<readonly SealedShape[]> {
  const { messageId, headerKey: key, contentKey } = messageKeys();
  const part = { messageId, role: "header", key } as const;
  const attachment = await sealAttachment(sealer, messageKeys(), { part: 1, bytes: sample.plainOf(70_000) });
  const opening =
    (keys: { messageId: string; contentKey: Bytes }, number: number) => async (cipher: Bytes) => {
      const sha256 = await opener.sha256(cipher);
      return await openAttachment(opener, keys, { part: number, cipher, sha256, size: 70_000 });
    };
  return [
    {
      name: "header",
      sealed: await sealPart(sealer, part, sample.plainOf(300)),
      open: (sealed) => openPart(opener, part, sealed),
      elsewhere: {
        "another message": (sealed) => openPart(opener, { ...part, messageId: sample.OTHER }, sealed),
        "a body": (sealed) => openPart(opener, { ...part, role: "body" }, sealed),
        "another key": (sealed) => openPart(opener, { ...part, key: contentKey }, sealed),
      },
    },
    {
      name: "attachment",
      sealed: attachment.cipher,
      open: opening(messageKeys(), 1),
      elsewhere: {
        "another part": opening(messageKeys(), 2),
        "another message": opening({ messageId: sample.OTHER, contentKey }, 1),
        "another key": opening({ messageId, contentKey: key }, 1),
        "a signed one": (cipher) =>
          openAttachment(opener, messageKeys(), {
            part: 1,
            cipher,
            sha256: new Uint8Array(32),
            size: 70_000,
          }),
        "a shorter one": async (cipher) => {
          const sha256 = await opener.sha256(cipher);
          return await openAttachment(opener, messageKeys(), { part: 1, cipher, sha256, size: 69_999 });
        },
      },
    },
  ];
}

async function signatureShapes(sealer: Primitives, opener: Primitives): Promise<readonly SealedShape[]> {
  const key = present(await sealer.importSigningKey(bareOf("signing")), "signing key");
  const hash = (name: string) => sealer.sha256(new TextEncoder().encode(name));
  const hashes = {
    headerSha256: await hash("header"),
    bodySha256: await hash("body"),
    attachmentsSha256: await hash("attachments"),
  };
  const signed = { ...sample.FACTS, messageId: sample.MESSAGE, ...hashes };
  const message =
    (changed: Partial<typeof signed>, publicKey = key.publicKey): Opening =>
    (signature) =>
      verifyMessage(opener, publicKey, { signed: { ...signed, ...changed }, signature });
  const attested = {
    kind: "mailbox",
    ...sample.BOBS_MAILBOX,
    publicKey: bareOf("mailbox").publicKey,
  } as const;
  const attestation =
    (changed: object, publicKey = key.publicKey): Opening =>
    (blob) =>
      verifyAttestation(opener, publicKey, { attested: { ...attested, ...changed }, attestation: blob });
  const other = bareOf("gateway").publicKey;
  return [
    {
      name: "signature of a message",
      sealed: await signMessage(sealer, key, signed),
      open: message({}),
      elsewhere: {
        "another deployment": message({ deploymentId: sample.OTHER }),
        "another message": message({ messageId: sample.OTHER }),
        "another owner": message({ ownerAccountId: sample.OTHER }),
        "another thread": message({ threadId: sample.OTHER }),
        "another time": message({ createdAtMs: 0 }),
        "a later expiry": message({ latestExpiryMs: sample.TOO_LATE + 1 }),
        "no expiry": message({ latestExpiryMs: null }),
        "looser controls": message({ controls: { ...sample.CONTROLS, print: true } }),
        "another header": message({ headerSha256: hashes.bodySha256 }),
        "another body": message({ bodySha256: hashes.headerSha256 }),
        "other attachments": message({ attachmentsSha256: hashes.headerSha256 }),
        "another signer": message({}, other),
        "an attestation": attestation({}),
      },
    },
    {
      name: "attestation",
      sealed: await attest(sealer, key, attested),
      open: attestation({}),
      elsewhere: {
        "an account": attestation({ kind: "account" }),
        "another mailbox": attestation({ id: sample.OTHER }),
        "another address": attestation({ address: "eve@example.org" }),
        "another public key": attestation({ publicKey: other }),
        "another key version": attestation({ keyVersion: 2 }),
        "another signer": attestation({}, other),
        "a message": message({}),
      },
    },
  ];
}
