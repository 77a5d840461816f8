/**
 * Ann's message to Bob, and everything around it, always the same: what the frozen vectors hold and the tampering trials attack.
 */
import { type Bytes, utf8 } from "../../bytes.ts";
import type { MessageBody } from "../../wire/body.ts";
import { type Controls, OPEN_CONTROLS } from "../../wire/controls.ts";
import type { MessageHeader } from "../../wire/header.ts";
import type { KeyOwner } from "../account-keys.ts";
import type { MessageFacts } from "../message.ts";

export const DEPLOYMENT = "0d0d0d0d-0000-4000-8000-000000000001";
export const MESSAGE = "11111111-0000-4000-8000-000000000001";
export const OTHER = "99999999-0000-4000-8000-000000000009";
const ANN = "a0a0a0a0-0000-4000-8000-000000000001";
export const BOB: KeyOwner = {
  id: "b0b0b0b0-0000-4000-8000-000000000002",
  address: "bob@example.org",
  keyVersion: 1,
};
export const BOBS_MAILBOX: KeyOwner = { ...BOB, id: "b0b0b0b0-0000-4000-8000-000000000003" };

export const CONTROLS: Controls = { ...OPEN_CONTROLS, print: false, viewLimit: 3 };

export const FACTS: MessageFacts = {
  deploymentId: DEPLOYMENT,
  ownerAccountId: ANN,
  threadId: "77777777-0000-4000-8000-000000000001",
  createdAtMs: 1_780_000_000_000,
  latestExpiryMs: 1_790_000_000_000,
  controls: CONTROLS,
};

/** Before and after the latest expiry. */
export const IN_TIME = 1_785_000_000_000;
export const TOO_LATE = 1_790_000_000_000;

export const HEADER: MessageHeader = {
  v: 1,
  subject: "Befund: alles in Ordnung 🎉",
  from: { name: "Ann Ähnlich", address: "ann@acme.example" },
  to: [{ name: "", address: "bob@example.org" }],
  cc: [],
  date: "2026-05-28T20:26:40.000Z",
  attachmentCount: 5,
  messageId: "<sample@acme.example>",
};

/** Around every edge of STREAM's chunks. */
export const ATTACHMENT_SIZES = [0, 1, 65_535, 65_536, 131_073] as const;

export const BODY: MessageBody = {
  v: 1,
  text: "Dear Bob,\r\nall is well.\r\n",
  html: "<p>Dear Bob,<br>all is well.</p>",
  attachments: ATTACHMENT_SIZES.map((size, at) => ({
    part: at + 1,
    name: `bytes-${size}.bin`,
    type: "application/octet-stream",
    size,
    inline: false,
  })),
};

export const PASSWORD = "correct horse battery staple";
export const TEMPORARY_PASSWORD = "7ZQ4-K0MX-9RTD";
export const PEPPER = utf8("a pepper of thirty-two bytes ...");
export const RAW_MAIL = utf8("Subject: hello\r\n\r\nBob\r\n");

export function attachmentId(part: number): string {
  return `cccccccc-0000-4000-8000-00000000000${part}`;
}

/** Bytes that look like none of their neighbours. */
export function plainOf(size: number): Bytes {
  return new Uint8Array(size).map((_, at) => Math.imul(at + size, 2_654_435_761) >>> 24);
}
