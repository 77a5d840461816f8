/**
 * Opens the sealed header of a row, for a list. Authentic to the mailbox's key; the signature is verified when the
 * message itself is opened.
 */
import { fromB64 } from "@sealpost/shared/bytes.ts";
import { openListedHeader } from "@sealpost/shared/crypto/message.ts";
import type { MessageHeader } from "@sealpost/shared/wire/header.ts";
import type { OpenAccount } from "../account/vault.ts";
import type { DeliveryRow } from "../backend/backend.ts";

/** The header, or null where the keys here do not open it. */
export async function openHeader(keys: OpenAccount, row: DeliveryRow): Promise<MessageHeader | null> {
  const mailbox = keys.mailboxes.get(row.mailbox_id);
  const sealedHeaderKey = row.sealed_header_key === null ? undefined : fromB64(row.sealed_header_key);
  const header = row.header === null ? undefined : fromB64(row.header);
  if (mailbox === undefined || sealedHeaderKey === undefined || header === undefined) return null;
  const opened = await openListedHeader(keys.primitives, mailbox, {
    messageId: row.message_id,
    sealedHeaderKey,
    header,
  });
  return opened.kind === "opened" ? opened.value : null;
}
