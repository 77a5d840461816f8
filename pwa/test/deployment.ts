/**
 * A deployment for the portal's tests: real keys, real seals, people and their mail, answering in the shapes of the database's
 * RPCs and the edge functions. It stands where Supabase stands, outside of the app.
 */
import { randomUUID } from "node:crypto";
import { toB64 } from "@sealpost/shared/bytes.ts";
import { sealMailboxKey, wrapAccountKey } from "@sealpost/shared/crypto/account-keys.ts";
import { sealAttachment } from "@sealpost/shared/crypto/attachment.ts";
import { sealMessage } from "@sealpost/shared/crypto/message.ts";
import { makeMessageKeys } from "@sealpost/shared/crypto/message-keys.ts";
import type { BareKey, SigningKey } from "@sealpost/shared/crypto/primitives.ts";
import { attest } from "@sealpost/shared/crypto/signature.ts";
import { webCryptoPrimitives } from "@sealpost/shared/crypto/webcrypto.ts";
import { passwordSecrets } from "@sealpost/shared/password/password.ts";
import type { AttachmentInfo } from "@sealpost/shared/wire/body.ts";
import { type Controls, OPEN_CONTROLS } from "@sealpost/shared/wire/controls.ts";
import type {
  AccountRow,
  DeliveryRow,
  MailboxRow,
  OpenAnswer,
  RecipientRow,
} from "../src/backend/backend.ts";

const primitives = webCryptoPrimitives(globalThis.crypto);

export const DEPLOYMENT_ID = "0192f0a0-0000-7000-8000-000000000001";

export interface Person {
  account: AccountRow;
  signInSecret: string;
  bare: BareKey;
  mailbox: MailboxRow;
  mailboxBare: BareKey;
}

export interface MailToStore {
  folder?: "inbox" | "sent";
  from: { name: string; address: string };
  to?: { name: string; address: string }[];
  subject: string;
  text?: string | null;
  html?: string | null;
  files?: { name: string; type: string; bytes: Uint8Array; cid?: string }[];
  controls?: Partial<Controls>;
  storedAt: number;
  expiresAt?: number | null;
  readAt?: number | null;
  /** Only the tombstone is left. */
  ended?: { state: "expired" | "recalled"; at: number; openedAt: number | null };
  recipients?: RecipientRow[];
  definition?: string;
}

export interface StoredMail {
  row: DeliveryRow;
  opened: Extract<OpenAnswer, { kind: "opened" }>;
  ciphers: Map<string, Uint8Array>;
  recipients: RecipientRow[];
}

export async function makeSigningKey(): Promise<SigningKey> {
  const key = await primitives.importSigningKey(await primitives.generateBareKey());
  if (key === undefined) throw new Error("no signing key");
  return key;
}

export async function makePerson(
  signing: SigningKey,
  who: {
    name: string;
    address: string;
    password: string;
    status: "invited" | "active";
    kind?: AccountRow["kind"];
  },
): Promise<Person> {
  const { address } = who;
  const id = randomUUID();
  const mailboxId = randomUUID();
  const bare = await primitives.generateBareKey();
  const mailboxBare = await primitives.generateBareKey();
  const secrets = await passwordSecrets(primitives, {
    password: who.password,
    address,
    deploymentId: DEPLOYMENT_ID,
  });
  const owner = { id, address, keyVersion: 1 };
  const account: AccountRow = {
    ...{ id, address, display_name: who.name, status: who.status, key_version: 1 },
    kind: who.kind ?? "external",
    public_key: toB64(bare.publicKey),
    attestation: toB64(
      await attest(primitives, signing, { kind: "account", ...owner, publicKey: bare.publicKey }),
    ),
    wrapped_key: toB64(await wrapAccountKey(primitives, secrets.wrap, { owner, bare })),
  };
  const mailboxOwner = { id: mailboxId, address, keyVersion: 1 };
  const membership = { mailbox: mailboxOwner, accountId: id, bare: mailboxBare };
  const attested = { kind: "mailbox", ...mailboxOwner, publicKey: mailboxBare.publicKey } as const;
  const mailbox: MailboxRow = {
    ...{ id: mailboxId, address, key_version: 1 },
    public_key: toB64(mailboxBare.publicKey),
    attestation: toB64(await attest(primitives, signing, attested)),
    sealed_key: toB64(await sealMailboxKey(primitives, bare.publicKey, membership)),
  };
  return { account, signInSecret: secrets.signIn, bare, mailbox, mailboxBare };
}

export async function storeMail(signing: SigningKey, reader: Person, mail: MailToStore): Promise<StoredMail> {
  const messageId = randomUUID();
  const keys = makeMessageKeys(primitives, messageId);
  const infos: AttachmentInfo[] = [];
  const attachments = [];
  const ciphers = new Map<string, Uint8Array>();
  for (const [at, file] of (mail.files ?? []).entries()) {
    const part = at + 1;
    const { cipher, ...sealed } = await sealAttachment(primitives, keys, { part, bytes: file.bytes });
    const id = randomUUID();
    ciphers.set(id, cipher);
    attachments.push({ id, part, ...sealed });
    const { name, type, cid } = file;
    infos.push({
      part,
      name,
      type,
      size: sealed.size,
      inline: cid !== undefined,
      ...(cid === undefined ? {} : { cid }),
    });
  }
  const controls = { ...OPEN_CONTROLS, ...mail.controls };
  const expiresAt = mail.expiresAt ?? null;
  const to = mail.to ?? [{ name: reader.account.display_name ?? "", address: reader.account.address }];
  const facts = {
    deploymentId: DEPLOYMENT_ID,
    ownerAccountId: randomUUID(),
    threadId: randomUUID(),
    createdAtMs: mail.storedAt,
    latestExpiryMs: expiresAt,
    controls,
  };
  const { from, subject } = mail;
  const sealed = await sealMessage(primitives, signing, {
    facts,
    keys,
    header: {
      v: 1,
      subject,
      from,
      to,
      cc: [],
      date: new Date(mail.storedAt).toISOString(),
      attachmentCount: infos.length,
    },
    body: { v: 1, text: mail.text ?? null, html: mail.html ?? null, attachments: infos },
    attachments,
    mailboxes: [{ id: reader.mailbox.id, publicKey: reader.mailboxBare.publicKey, keyVersion: 1 }],
  });
  const sealedKeys = sealed.sealedKeys[0];
  if (sealedKeys === undefined) throw new Error("sealed to nobody");
  const headerKey = toB64(sealedKeys.sealedHeaderKey);
  const { ended } = mail;
  const iso = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());
  const row: DeliveryRow = {
    delivery_id: randomUUID(),
    message_id: messageId,
    mailbox_id: reader.mailbox.id,
    folder: mail.folder ?? "inbox",
    stored_at: new Date(mail.storedAt).toISOString(),
    sender_address: from.address,
    sender_name: from.name,
    state: ended?.state ?? "readable",
    expires_at: iso(expiresAt),
    ended_at: iso(ended?.at ?? null),
    read_at: iso(mail.readAt ?? null),
    first_opened_at: iso(ended?.openedAt ?? mail.readAt ?? null),
    open_count: mail.readAt == null ? 0 : 1,
    attachment_count: infos.length,
    controls,
    definition: mail.definition ?? null,
    key_version: 1,
    sealed_header_key: ended ? null : headerKey,
    header: ended ? null : toB64(sealed.header),
  };
  const opened: StoredMail["opened"] = {
    kind: "opened",
    message_id: messageId,
    mailbox_id: reader.mailbox.id,
    owner_account: facts.ownerAccountId,
    thread_id: facts.threadId,
    created_at_ms: facts.createdAtMs,
    expires_at_ms: expiresAt,
    latest_expiry_ms: facts.latestExpiryMs,
    controls,
    key_version: 1,
    sealed_header_key: headerKey,
    sealed_content_key: toB64(sealedKeys.sealedContentKey),
    header: toB64(sealed.header),
    body: toB64(sealed.body),
    signature: toB64(sealed.signature),
    attachments: attachments.map(({ id, part, size, cipherBytes, sha256 }) => ({
      ...{ id, part, size },
      cipher_bytes: cipherBytes,
      sha256: toB64(sha256),
      // As the gateway does: large ones lie in Storage.
      object_name: cipherBytes > 262_144 ? id : null,
    })),
    first_opened_at: null,
    open_count: 1,
    server_now_ms: 0,
  };
  return { row, opened, ciphers, recipients: mail.recipients ?? [] };
}
