/**
 * Makes the frozen wire vectors, once for each version of the format:
 * `npx node shared/src/crypto/trials/make-vectors.ts > shared/src/crypto/vectors/wire-v2.json`
 *
 * A committed file is never made anew: mail that was sealed stays readable.
 */
import { toB64 } from "../../bytes.ts";
import { authPassword, passwordSecrets } from "../../password/password.ts";
import { sealAccountKey, sealMailboxKey, wrapAccountKey } from "../account-keys.ts";
import { sealAttachment } from "../attachment.ts";
import { toPkcs8 } from "../bare-key.ts";
import { sealMessage } from "../message.ts";
import { makeMessageKeys } from "../message-keys.ts";
import { sealParcel } from "../parcel.ts";
import { attest, signKick } from "../signature.ts";
import { webCryptoPrimitives } from "../webcrypto.ts";
import {
  ATTACHMENT_SIZES,
  attachmentId,
  BOB,
  BOBS_MAILBOX,
  BODY,
  DEPLOYMENT,
  FACTS,
  HEADER,
  IN_TIME,
  MESSAGE,
  OTHER,
  PASSWORD,
  PEPPER,
  plainOf,
  RAW_MAIL,
  TEMPORARY_PASSWORD,
} from "./sample.ts";
import { present } from "./trial.ts";

const primitives = webCryptoPrimitives(globalThis.crypto);

const account = await primitives.generateBareKey();
const mailbox = await primitives.generateBareKey();
const gateway = await primitives.generateBareKey();
const invite = await primitives.generateBareKey();
const recovery = await primitives.generateBareKey();
const signing = await primitives.generateBareKey();

const signingKey = present(await primitives.importSigningKey(signing), "signing key");
const accountPair = present(await primitives.importKeyPair(account), "account key");
const keys = makeMessageKeys(primitives, MESSAGE);

const attachments = await Promise.all(
  ATTACHMENT_SIZES.map(async (size, at) => {
    const sealed = await sealAttachment(primitives, keys, { part: at + 1, bytes: plainOf(size) });
    return { id: attachmentId(at + 1), part: at + 1, ...sealed };
  }),
);
const message = await sealMessage(primitives, signingKey, {
  facts: FACTS,
  keys,
  header: HEADER,
  body: BODY,
  attachments,
  mailboxes: [{ id: BOBS_MAILBOX.id, publicKey: mailbox.publicKey, keyVersion: BOBS_MAILBOX.keyVersion }],
});
const sealedKeys = present(message.sealedKeys[0], "sealed keys");
const secrets = await passwordSecrets(primitives, {
  password: PASSWORD,
  address: BOB.address,
  deploymentId: DEPLOYMENT,
});
const temporary = await passwordSecrets(primitives, {
  password: TEMPORARY_PASSWORD,
  address: BOB.address,
  deploymentId: DEPLOYMENT,
});
const attested = { kind: "mailbox", ...BOBS_MAILBOX, publicKey: mailbox.publicKey } as const;

const vectors = {
  keys: {
    account: toB64(toPkcs8(account)),
    mailbox: toB64(toPkcs8(mailbox)),
    gateway: toB64(toPkcs8(gateway)),
    invite: toB64(toPkcs8(invite)),
    recovery: toB64(toPkcs8(recovery)),
    signing: toB64(toPkcs8(signing)),
  },
  message: {
    headerKey: toB64(keys.headerKey),
    contentKey: toB64(keys.contentKey),
    sealedHeaderKey: toB64(sealedKeys.sealedHeaderKey),
    sealedContentKey: toB64(sealedKeys.sealedContentKey),
    header: toB64(message.header),
    body: toB64(message.body),
    signature: toB64(message.signature),
    attachmentsSha256: toB64(message.attachmentsSha256),
    /** Ciphertexts by their hash; the short ones in full. */
    attachments: attachments.map(({ sha256, cipher }) => ({
      sha256: toB64(sha256),
      cipher: cipher.length < 1_000 ? toB64(cipher) : null,
    })),
  },
  attestation: toB64(await attest(primitives, signingKey, attested)),
  wrapped: toB64(await wrapAccountKey(primitives, secrets.wrap, { owner: BOB, bare: account })),
  inviteSealed: toB64(
    await sealAccountKey(
      primitives,
      { role: "invite", publicKey: invite.publicKey },
      { owner: BOB, bare: account },
    ),
  ),
  recoverySealed: toB64(
    await sealAccountKey(
      primitives,
      { role: "recovery", publicKey: recovery.publicKey },
      { owner: BOB, bare: account },
    ),
  ),
  mailboxKey: toB64(
    await sealMailboxKey(primitives, account.publicKey, {
      mailbox: BOBS_MAILBOX,
      accountId: BOB.id,
      bare: mailbox,
    }),
  ),
  relayJob: toB64(
    await sealParcel(primitives, {
      to: gateway.publicKey,
      place: { role: "relay-job", ids: [OTHER] },
      bytes: RAW_MAIL,
    }),
  ),
  portalMail: toB64(
    await sealParcel(primitives, {
      to: gateway.publicKey,
      from: accountPair,
      place: { role: "portal-mail", ids: [BOB.id, OTHER] },
      bytes: RAW_MAIL,
    }),
  ),
  kick: await signKick(primitives, signingKey, { name: "notify", atMs: IN_TIME }),
  password: { signIn: secrets.signIn, wrap: toB64(secrets.wrap) },
  temporaryPassword: { signIn: temporary.signIn, wrap: toB64(temporary.wrap) },
  authPassword: await authPassword(primitives, PEPPER, { address: BOB.address, secret: secrets.signIn }),
};

process.stdout.write(`${JSON.stringify(vectors, null, 2)}\n`);
