/**
 * One secured mail into the database: one statement, one transaction (`private.store_message`).
 */
import type { SealedMessage } from "@sealpost/shared/crypto/message.ts";
import type { Controls } from "@sealpost/shared/wire/controls.ts";
import type { Database } from "../database/database.ts";
import type { NewAccount, NewMailbox } from "../keys/new-keys.ts";
import type { LetterRow } from "../letter/letter.ts";
import type { VerdictRow } from "../policies/verdict-log.ts";
import type { Written } from "../portal-mail/written.ts";
import type { SealedAttachments } from "./attachments.ts";

/** What is known of a message in the clear. */
export type MessageRow = {
  readonly id: string;
  readonly ownerAccountId: string;
  readonly ownerAddress: string;
  readonly ownerName: string | null;
  readonly threadId: string;
  readonly mailMac: Uint8Array;
  readonly messageIdMac: Uint8Array | null;
  readonly definition: string;
  readonly because: string;
  readonly controls: Controls;
  readonly sizeBytes: number;
  readonly createdAtMs: number;
  readonly expiresAtMs: number | null;
  readonly latestExpiryMs: number | null;
};

type Addressed = {
  readonly id: string;
  readonly address: string;
  readonly kind: "to" | "cc" | "bcc" | "sender" | "review";
};

/** Of channel mail where an internal recipient gets ordinary mail and sees it in the portal too. */
export type SealedDeliveryRow = Addressed & {
  readonly channel: "sealed" | "mail";
  readonly mailboxId: string;
  readonly keyVersion: number;
  readonly sealedHeaderKey: Uint8Array;
  readonly sealedContentKey: Uint8Array;
};

export type DeliveryRow = (Addressed & { readonly channel: "mail" }) | SealedDeliveryRow;

/** Ordinary mail for internal recipients; `content` is sealed to the gateway. */
export type RelayRow = {
  readonly id: string;
  readonly sender: string;
  readonly recipients: readonly string[];
  readonly content: Uint8Array;
};

export type Storing = {
  readonly message: MessageRow;
  readonly sealed: Pick<SealedMessage, "header" | "body" | "signature">;
  readonly attachments: SealedAttachments;
  readonly accounts: readonly NewAccount[];
  readonly mailboxes: readonly NewMailbox[];
  readonly deliveries: readonly DeliveryRow[];
  readonly relay: RelayRow | null;
  readonly letters: readonly LetterRow[];
  readonly verdicts: readonly VerdictRow[];
  /** Marked as sent in the same transaction, where it was written in the portal. */
  readonly written: Pick<Written, "id" | "answered"> | null;
};

/** A duplicate: an earlier arrival of the same mail had stored all of it. */
export type Stored = { kind: "stored" } | { kind: "duplicate" };

/** Resolves after commit. Throws DatabaseProblem; "keys-changed" asks to seal again. */
export async function storeMessage(database: Database, storing: Storing): Promise<Stored> {
  const { sealed, attachments, relay, written } = storing;
  const values = [
    JSON.stringify(storingJson(storing)),
    asBuffer(sealed.header),
    asBuffer(sealed.body),
    attachments.inline,
    relay && asBuffer(relay.content),
  ];
  const call =
    written === null
      ? { name: "store_message", text: "select private.store_message($1, $2, $3, $4, $5)", values }
      : {
          name: "store_portal_mail",
          text: "select private.store_portal_mail($6, $7, $1, $2, $3, $4, $5)",
          values: [...values, written.id, written.answered],
        };
  const answer = await database.call(call);
  const kind = typeof answer === "object" && answer !== null && "kind" in answer ? answer.kind : undefined;
  if (kind === "stored" || kind === "duplicate") return { kind };
  throw new Error("private.store_message answered in another shape");
}

/** The same as the database's functions take it. */
export function storingJson(storing: Storing): object {
  const { message, sealed, attachments, accounts, mailboxes, deliveries, relay, letters, verdicts } = storing;
  return {
    message: {
      id: message.id,
      owner_account: message.ownerAccountId,
      owner_address: message.ownerAddress,
      owner_name: message.ownerName,
      thread_id: message.threadId,
      mail_mac: toB64(message.mailMac),
      message_id_mac: message.messageIdMac && toB64(message.messageIdMac),
      definition: message.definition,
      because: message.because,
      controls: message.controls,
      size_bytes: message.sizeBytes,
      attachment_count: attachments.list.length,
      signature: toB64(sealed.signature),
      created_at_ms: message.createdAtMs,
      expires_at_ms: message.expiresAtMs,
      latest_expiry_ms: message.latestExpiryMs,
    },
    accounts,
    mailboxes,
    deliveries: deliveries.map(deliveryJson),
    attachments: attachments.list.map(attachmentJson),
    relay: relay && { id: relay.id, sender: relay.sender, recipients: relay.recipients },
    letters,
    verdicts,
  };
}

function deliveryJson(delivery: DeliveryRow): object {
  const { id, address, kind, channel } = delivery;
  if (!("mailboxId" in delivery)) return { id, address, kind, channel };
  return {
    id,
    address,
    kind,
    channel,
    mailbox_id: delivery.mailboxId,
    key_version: delivery.keyVersion,
    sealed_header_key: toB64(delivery.sealedHeaderKey),
    sealed_content_key: toB64(delivery.sealedContentKey),
  };
}

function attachmentJson({
  id,
  part,
  size,
  cipherBytes,
  sha256,
  place,
}: SealedAttachments["list"][number]): object {
  return {
    id,
    part,
    size,
    cipher_bytes: cipherBytes,
    sha256: toB64(sha256),
    ...(place.kind === "inline" ? { offset: place.offset } : { object_name: place.name }),
  };
}

/** Natively: many small values a mail. */
function toB64(bytes: Uint8Array): string {
  return asBuffer(bytes).toString("base64");
}

/** The same bytes as `pg` takes them, not copied. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
