/**
 * A recipient in tests: opens what was stored for them with their own keys, as a device would.
 */
import { fromB64 } from "@sealpost/shared/bytes.ts";
import { importAttested, openAccountKey, openMailboxKey } from "@sealpost/shared/crypto/account-keys.ts";
import { fromPkcs8 } from "@sealpost/shared/crypto/bare-key.ts";
import { type OpenedMessage, openMessage } from "@sealpost/shared/crypto/message.ts";
import type { Opened } from "@sealpost/shared/crypto/opened.ts";
import type { Controls } from "@sealpost/shared/wire/controls.ts";
import { nativePrimitives } from "../seal/native.ts";
import { ask } from "./correspondence.ts";
import type { TestStack } from "./stack.ts";

const primitives = nativePrimitives();

/** Opens the newest message in the address's mailbox; throws where anything does not verify. */
export async function readNewest(stack: TestStack, address: string): Promise<OpenedMessage> {
  const { mailbox, row } = await openMailbox(stack, address);
  const [message] = await ask<MessageRow>(
    stack.databaseUrls.superuser,
    `select m.*, c.header, c.body, d.sealed_header_key, d.sealed_content_key
     from public.deliveries d join public.messages m on m.id = d.message_id
     join public.message_contents c on c.message_id = m.id
     where d.mailbox_id = $1 order by d.stored_at desc limit 1`,
    [row.mailbox_id],
  );
  if (message === undefined) throw new Error(`${address} has no message`);
  const attachments = await ask<{ id: string; part: number; sha256: Buffer; size_bytes: string }>(
    stack.databaseUrls.superuser,
    "select id, part, sha256, size_bytes from public.attachments where message_id = $1 order by part",
    [message.id],
  );
  const result = await openMessage(
    primitives,
    { signingPublicKey: bytesOf(stack.deployment.signing.publicKey), mailbox, nowMs: Date.now() },
    {
      facts: {
        deploymentId: stack.deployment.deploymentId,
        ownerAccountId: message.owner_account,
        threadId: message.thread_id,
        createdAtMs: message.created_at.getTime(),
        latestExpiryMs: message.latest_expiry?.getTime() ?? null,
        controls: message.controls,
      },
      messageId: message.id,
      expiresAtMs: message.expires_at?.getTime() ?? null,
      sealedHeaderKey: message.sealed_header_key,
      sealedContentKey: message.sealed_content_key,
      header: message.header,
      body: message.body,
      signature: message.signature,
      attachments: attachments.map(({ id, part, sha256, size_bytes }) => ({
        ...{ id, part, sha256 },
        size: Number(size_bytes),
      })),
    },
  );
  if (result.kind !== "opened") throw new Error(`the message is ${result.kind}`);
  return result.value;
}

type MessageRow = {
  readonly id: string;
  readonly owner_account: string;
  readonly thread_id: string;
  readonly created_at: Date;
  readonly expires_at: Date | null;
  readonly latest_expiry: Date | null;
  readonly controls: Controls;
  readonly sealed_header_key: Buffer;
  readonly sealed_content_key: Buffer;
  readonly header: Buffer;
  readonly body: Buffer;
  readonly signature: Buffer;
};

type KeyRow = {
  account_id: string;
  account_key: Buffer;
  invite_sealed: Buffer;
  mailbox_id: string;
  mailbox_key: Buffer;
  sealed_key: Buffer;
};

async function openMailbox(stack: TestStack, address: string) {
  const { row, account } = await openAccount(stack, address);
  const membership = {
    mailbox: { id: row.mailbox_id, address, keyVersion: 1 },
    accountId: row.account_id,
    sealed: row.sealed_key,
    attestedPublicKey: row.mailbox_key,
  };
  const keyPair = opened(await openMailboxKey(primitives, account, membership));
  return { row, mailbox: { id: row.mailbox_id, keyPair, keyVersion: 1 } };
}

/** The account of an address and its key pair, out of the invitation, as nobody but its owner could. */
export async function openAccount(stack: TestStack, address: string) {
  const [row] = await ask<KeyRow>(
    stack.databaseUrls.superuser,
    `select a.id as account_id, a.public_key as account_key, a.invite_sealed,
       b.id as mailbox_id, b.public_key as mailbox_key, s.sealed_key
     from public.accounts a join public.mailbox_members s on s.account_id = a.id
     join public.mailboxes b on b.id = s.mailbox_id where b.address = $1`,
    [address],
  );
  if (row === undefined) throw new Error(`${address} has no mailbox`);
  const invite = await importedPair(stack.deployment.invite);
  const owner = { id: row.account_id, address, keyVersion: 1 };
  const keeper = { role: "invite", keyPair: invite } as const;
  const bare = opened(await openAccountKey(primitives, keeper, { owner, sealed: row.invite_sealed }));
  return { row, account: opened(await importAttested(primitives, bare, row.account_key)) };
}

async function importedPair({ privateKey }: { privateKey: string }) {
  const bare = fromPkcs8(bytesOf(privateKey));
  const pair = bare && (await primitives.importKeyPair(bare));
  if (pair === undefined) throw new Error("a key of the deployment cannot be imported");
  return pair;
}

function bytesOf(b64: string) {
  return fromB64(b64) ?? new Uint8Array();
}

function opened<T>(result: Opened<T>): T {
  if (result.kind !== "opened") throw new Error(`${result.what} is ${result.kind}`);
  return result.value;
}
