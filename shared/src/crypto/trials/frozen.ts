/**
 * What version 1 sealed once stays readable: every shape of the committed vectors opens, and what is deterministic comes out the
 * same again.
 */
import { type Bytes, fromB64, toB64 } from "../../bytes.ts";
import { authPassword, passwordSecrets } from "../../password/password.ts";
import { openAccountKey, openMailboxKey, unwrapAccountKey } from "../account-keys.ts";
import { openAttachment, sealAttachment } from "../attachment.ts";
import { fromPkcs8 } from "../bare-key.ts";
import { openListedHeader, openMessage, type ReleasedMessage } from "../message.ts";
import type { MessageKeys } from "../message-keys.ts";
import { openParcel } from "../parcel.ts";
import type { BareKey, KeyPair, Primitives } from "../primitives.ts";
import { verifyAttestation, verifyKick } from "../signature.ts";
import wire from "../vectors/wire-v1.json" with { type: "json" };
import * as sample from "./sample.ts";
import { openedValue, present, same, type Trial } from "./trial.ts";

export const frozenTrials: readonly Trial[] = [
  { name: "frozen: Bob's device opens the message", run: opensMessage },
  { name: "frozen: every attachment opens, and seals the same again", run: opensAttachments },
  { name: "frozen: Bob's mailbox and account keys open", run: opensKeys },
  { name: "frozen: the gateway opens its parcels", run: opensParcels },
  { name: "frozen: attestation and kick hold", run: verifies },
  { name: "frozen: passwords give the same secrets", run: derivesSecrets },
];

async function opensMessage(primitives: Primitives): Promise<void> {
  const mailbox = { ...sample.BOBS_MAILBOX, keyPair: await pairOf(primitives, "mailbox") };
  const signingPublicKey = bareOf("signing").publicKey;

  const listed = await openListedHeader(primitives, mailbox, released());
  const device = { signingPublicKey, mailbox, nowMs: sample.IN_TIME };
  const message = openedValue(await openMessage(primitives, device, released()), "message");
  const late = await openMessage(primitives, { ...device, nowMs: sample.TOO_LATE }, released());

  same(openedValue(listed, "listed header"), sample.HEADER, "listed header");
  same(message.header, sample.HEADER, "header");
  same(message.body, sample.BODY, "body");
  same(message.controls, sample.CONTROLS, "controls");
  same(message.endsAtMs, sample.FACTS.latestExpiryMs, "end");
  same(message.keys, messageKeys(), "keys");
  same(late.kind, "expired", "too late");
}

async function opensAttachments(primitives: Primitives): Promise<void> {
  for (const [at, { sha256, cipher }] of wire.message.attachments.entries()) {
    const size = present(sample.ATTACHMENT_SIZES[at], "size");
    const bytes = sample.plainOf(size);
    const sealed = await sealAttachment(primitives, messageKeys(), { part: at + 1, bytes });
    const opened = await openAttachment(primitives, messageKeys(), { ...sealed, part: at + 1 });
    same(toB64(sealed.sha256), sha256, `hash of ${size} bytes`);
    if (cipher !== null) same(toB64(sealed.cipher), cipher, `ciphertext of ${size} bytes`);
    same(openedValue(opened, "attachment").length, size, `size of ${size} bytes`);
    same(
      await primitives.sha256(openedValue(opened, "attachment")),
      await primitives.sha256(bytes),
      `${size} bytes`,
    );
  }
}

async function opensKeys(primitives: Primitives): Promise<void> {
  const account = bareOf("account");
  const wrap = bytesOf(wire.password.wrap);

  const unwrapped = await unwrapAccountKey(primitives, wrap, {
    owner: sample.BOB,
    wrapped: bytesOf(wire.wrapped),
  });
  same(openedValue(unwrapped, "wrapped key"), account, "wrapped key");
  for (const role of ["invite", "recovery"] as const) {
    const keeper = { role, keyPair: await pairOf(primitives, role) };
    const sealed = bytesOf(role === "invite" ? wire.inviteSealed : wire.recoverySealed);
    const opened = await openAccountKey(primitives, keeper, { owner: sample.BOB, sealed });
    same(openedValue(opened, role), account, role);
  }
  const mailbox = await openMailboxKey(primitives, await pairOf(primitives, "account"), {
    mailbox: sample.BOBS_MAILBOX,
    accountId: sample.BOB.id,
    sealed: bytesOf(wire.mailboxKey),
    attestedPublicKey: bareOf("mailbox").publicKey,
  });
  same(openedValue(mailbox, "mailbox key").publicKey, bareOf("mailbox").publicKey, "mailbox key");
}

async function opensParcels(primitives: Primitives): Promise<void> {
  const to = await pairOf(primitives, "gateway");
  const from = bareOf("account").publicKey;
  const relay = { role: "relay-job", ids: [sample.OTHER] } as const;
  const portal = { role: "portal-mail", ids: [sample.BOB.id, sample.OTHER] } as const;

  const job = await openParcel(primitives, { to, place: relay, sealed: bytesOf(wire.relayJob) });
  const mail = await openParcel(primitives, { to, from, place: portal, sealed: bytesOf(wire.portalMail) });

  same(openedValue(job, "relay job"), sample.RAW_MAIL, "relay job");
  same(openedValue(mail, "portal mail"), sample.RAW_MAIL, "portal mail");
}

async function verifies(primitives: Primitives): Promise<void> {
  const signingPublicKey = bareOf("signing").publicKey;
  const publicKey = bareOf("mailbox").publicKey;
  const attested = { kind: "mailbox", ...sample.BOBS_MAILBOX, publicKey } as const;

  const attestation = { attested, attestation: bytesOf(wire.attestation) };
  const kick = { name: "notify", header: wire.kick, nowMs: sample.IN_TIME + 119_000 };

  same((await verifyAttestation(primitives, signingPublicKey, attestation)).kind, "opened", "attestation");
  same(await verifyKick(primitives, signingPublicKey, kick), { kind: "accepted" }, "kick");
}

async function derivesSecrets(primitives: Primitives): Promise<void> {
  const { address } = sample.BOB;
  const own = { password: sample.PASSWORD, address, deploymentId: sample.DEPLOYMENT };
  const temporary = { ...own, password: sample.TEMPORARY_PASSWORD.toLowerCase().replaceAll("-", " ") };

  const secrets = await passwordSecrets(primitives, own);
  const temporarySecrets = await passwordSecrets(primitives, temporary);
  const auth = await authPassword(primitives, sample.PEPPER, { address, secret: secrets.signIn });

  same({ ...secrets, wrap: toB64(secrets.wrap) }, wire.password, "password");
  same(
    { ...temporarySecrets, wrap: toB64(temporarySecrets.wrap) },
    wire.temporaryPassword,
    "temporary password",
  );
  same(auth, wire.authPassword, "password for Auth");
}

/** The frozen message as a server would release it. */
export function released(): ReleasedMessage {
  const { message } = wire;
  return {
    facts: sample.FACTS,
    messageId: sample.MESSAGE,
    expiresAtMs: null,
    sealedHeaderKey: bytesOf(message.sealedHeaderKey),
    sealedContentKey: bytesOf(message.sealedContentKey),
    header: bytesOf(message.header),
    body: bytesOf(message.body),
    signature: bytesOf(message.signature),
    attachments: message.attachments.map(({ sha256 }, at) => ({
      id: sample.attachmentId(at + 1),
      part: at + 1,
      sha256: bytesOf(sha256),
      size: present(sample.ATTACHMENT_SIZES[at], "size"),
    })),
  };
}

/** A key of the vectors, laid open. */
export function bareOf(name: keyof typeof wire.keys): BareKey {
  return present(fromPkcs8(bytesOf(wire.keys[name])), `${name} key`);
}

export async function pairOf(primitives: Primitives, name: keyof typeof wire.keys): Promise<KeyPair> {
  return present(await primitives.importKeyPair(bareOf(name)), `${name} key pair`);
}

export function messageKeys(): MessageKeys {
  const { headerKey, contentKey } = wire.message;
  return { messageId: sample.MESSAGE, headerKey: bytesOf(headerKey), contentKey: bytesOf(contentKey) };
}

function bytesOf(base64: string): Bytes {
  return present(fromB64(base64), "base64");
}
