/**
 * From what the server released to what may be shown: signature verified, keys and body opened, expiry told by the
 * earlier of the two that are known. Anything that does not fit shows nothing.
 */
import { fromB64 } from "@sealpost/shared/bytes.ts";
import { openMessage } from "@sealpost/shared/crypto/message.ts";
import type { MessageKeys } from "@sealpost/shared/crypto/message-keys.ts";
import type { MessageBody } from "@sealpost/shared/wire/body.ts";
import { type Controls, parseControls } from "@sealpost/shared/wire/controls.ts";
import type { MessageHeader } from "@sealpost/shared/wire/header.ts";
import type { OpenAccount } from "../account/vault.ts";
import { type Attachment, joinAttachments } from "../attachment/attachment.ts";
import type { OpenAnswer } from "../backend/backend.ts";

/** A message that was verified and opened; it lives in the memory of the page that shows it. */
export interface ShownMessage {
  messageId: string;
  header: MessageHeader;
  body: MessageBody;
  controls: Controls;
  /** Milliseconds since 1970; null: never. */
  endsAt: number | null;
  attachments: Attachment[];
  keys: MessageKeys;
}

export type OpenOutcome =
  | { kind: "shown"; message: ShownMessage }
  | { kind: "expired" | "recalled" | "used"; at: number | null }
  | { kind: "unknown" }
  /** What came is not what the gateway signed. */
  | { kind: "altered" }
  /** It was sealed to a key that is not in this account. */
  | { kind: "no-key" };

type Released = Extract<OpenAnswer, { kind: "opened" }>;

/** Verifies and opens an answer of `open_message`. `now` in milliseconds. */
export async function openReleased(keys: OpenAccount, answer: OpenAnswer, now: number): Promise<OpenOutcome> {
  switch (answer.kind) {
    case "expired":
    case "recalled":
    case "used":
      return { kind: answer.kind, at: Date.parse(answer.at) };
    case "unknown":
      return answer;
    case "opened":
      return await verify(keys, answer, now);
  }
}

async function verify(keys: OpenAccount, answer: Released, now: number): Promise<OpenOutcome> {
  const mailbox = keys.mailboxes.get(answer.mailbox_id);
  if (mailbox === undefined || mailbox.keyVersion !== answer.key_version) return { kind: "no-key" };
  const released = readReleased(keys, answer);
  if (released === undefined) return { kind: "altered" };
  const device = { signingPublicKey: keys.signingPublicKey, mailbox, nowMs: now };
  const opened = await openMessage(keys.primitives, device, released);
  switch (opened.kind) {
    case "expired":
      return { kind: "expired", at: opened.atMs };
    case "forged":
    case "malformed":
    case "unknown-version":
      return { kind: "altered" };
    case "opened": {
      const { header, body, controls, endsAtMs, keys: messageKeys } = opened.value;
      const attachments = joinAttachments(body.attachments, answer.attachments);
      const messageId = answer.message_id;
      return {
        kind: "shown",
        message: { messageId, header, body, controls, endsAt: endsAtMs, attachments, keys: messageKeys },
      };
    }
  }
}

/** The answer's base64 as bytes and its controls as controls; undefined where anything is not what it should be. */
function readReleased(keys: OpenAccount, answer: Released) {
  const controls = parseControls(answer.controls);
  const sealedHeaderKey = fromB64(answer.sealed_header_key);
  const sealedContentKey = fromB64(answer.sealed_content_key);
  const header = fromB64(answer.header);
  const body = fromB64(answer.body);
  const signature = fromB64(answer.signature);
  const attachments = answer.attachments.flatMap(({ id, part, size, sha256 }) => {
    const bytes = fromB64(sha256);
    return bytes === undefined ? [] : [{ id, part, size, sha256: bytes }];
  });
  if (controls.kind !== "parsed" || !sealedHeaderKey || !sealedContentKey || !header || !body || !signature) {
    return undefined;
  }
  return {
    facts: {
      deploymentId: keys.deploymentId,
      ownerAccountId: answer.owner_account,
      threadId: answer.thread_id,
      createdAtMs: answer.created_at_ms,
      latestExpiryMs: answer.latest_expiry_ms,
      controls: controls.value,
    },
    messageId: answer.message_id,
    expiresAtMs: answer.expires_at_ms,
    ...{ sealedHeaderKey, sealedContentKey, header, body, signature, attachments },
  };
}
