/**
 * The one door to the server: what the portal asks, in the portal's own words.
 *
 * Everything that comes back is still sealed; nothing here decrypts. Implemented once, over supabase-js.
 */
import type { Controls } from "@sealpost/shared/wire/controls.ts";
import type { PortalMailBackend } from "./portal-mail.ts";

/** Thrown by every method when no answer could be had. */
export class BackendFailure extends Error {
  /** `offline`: no network or no server; `signed-out`: the session is over; `failed`: the server erred. */
  readonly kind: "offline" | "signed-out" | "failed";

  constructor(kind: BackendFailure["kind"], cause?: unknown) {
    super(`the server did not answer: ${kind}`, { cause });
    this.kind = kind;
  }
}

export type SignInAnswer = { kind: "signed-in" } | { kind: "refused" } | { kind: "locked"; seconds: number };

export type PasswordAnswer =
  | { kind: "changed" }
  | { kind: "refused" }
  | { kind: "expired" }
  | { kind: "locked"; seconds: number };

/** The signed-in account as the database keeps it; binary fields are base64. */
export interface AccountRow {
  id: string;
  address: string;
  display_name: string | null;
  status: "invited" | "active" | "suspended" | "removed";
  public_key: string;
  key_version: number;
  attestation: string;
  wrapped_key: string;
  kind: "internal" | "external";
}

/** A mailbox this account is a member of, with its private key sealed to the account. */
export interface MailboxRow {
  id: string;
  address: string;
  public_key: string;
  key_version: number;
  attestation: string;
  sealed_key: string;
}

export type Folder = "inbox" | "sent";

/** One line of a list: a delivery, or the tombstone that is left of it. */
export interface DeliveryRow {
  delivery_id: string;
  message_id: string;
  mailbox_id: string;
  folder: Folder | "deleted";
  stored_at: string;
  sender_address: string;
  sender_name: string | null;
  state: "readable" | "expired" | "recalled" | "used";
  expires_at: string | null;
  ended_at: string | null;
  read_at: string | null;
  first_opened_at: string | null;
  open_count: number;
  attachment_count: number;
  controls: Controls;
  definition: string | null;
  key_version: number;
  sealed_header_key: string | null;
  header: string | null;
}

export interface AttachmentRow {
  id: string;
  part: number;
  size: number;
  cipher_bytes: number;
  sha256: string;
  object_name: string | null;
}

/** All that opening releases; binary fields are base64, still sealed. */
export interface OpenedRow {
  message_id: string;
  mailbox_id: string;
  owner_account: string;
  thread_id: string;
  created_at_ms: number;
  expires_at_ms: number | null;
  latest_expiry_ms: number | null;
  controls: Controls;
  key_version: number;
  sealed_header_key: string;
  sealed_content_key: string;
  header: string;
  body: string;
  signature: string;
  attachments: AttachmentRow[];
  first_opened_at: string | null;
  open_count: number;
  server_now_ms: number;
}

export type OpenAnswer =
  | ({ kind: "opened" } & OpenedRow)
  | { kind: "expired"; at: string }
  | { kind: "recalled"; at: string }
  | { kind: "used"; at: string }
  | { kind: "unknown" };

/** What the sender sees of one recipient. */
export interface RecipientRow {
  delivery_id: string;
  address: string;
  kind: "to" | "cc" | "bcc";
  channel: "sealed" | "mail";
  stored_at: string | null;
  notified_at: string | null;
  notice_state: "due" | "sent" | "failed" | "bounced" | null;
  notice_error: string | null;
  delivered_at: string | null;
  first_opened_at: string | null;
  last_opened_at: string | null;
  open_count: number;
  expired_at: string | null;
  recalled_at: string | null;
  bounced_at: string | null;
}

/** What Realtime tells: that something changed, by id, never what. */
export type LiveEvent =
  | { kind: "delivery"; deliveryId: string; messageId: string }
  | { kind: "receipt"; deliveryId: string; messageId: string }
  /** A mail written here went on its way, or was refused. */
  | { kind: "portal-mail"; id: string }
  | { kind: "reconnected" };

export interface PageCursor {
  storedAt: string;
  deliveryId: string;
}

export interface Backend extends PortalMailBackend {
  /** True when this browser holds a session that has not been signed out. */
  hasSession(): Promise<boolean>;
  signIn(address: string, secret: string): Promise<SignInAnswer>;
  changePassword(change: {
    currentSecret: string;
    newSecret: string;
    wrappedKey: string;
  }): Promise<PasswordAnswer>;
  /** Ends this device's session; succeeds without a network, too. */
  signOut(): Promise<void>;
  /** Calls back when the session ends elsewhere (another tab, a revocation). Gives its cleanup. */
  onSignedOut(heard: () => void): () => void;
  account(): Promise<AccountRow | null>;
  mailboxes(): Promise<MailboxRow[]>;
  list(folder: Folder, limit: number, before: PageCursor | null): Promise<DeliveryRow[]>;
  delivery(deliveryId: string): Promise<DeliveryRow | null>;
  open(deliveryId: string, openingId: string): Promise<OpenAnswer>;
  /** The sealed bytes of an attachment as they arrive. */
  attachment(attachment: AttachmentRow, signal: AbortSignal): Promise<ReadableStream<Uint8Array>>;
  recipients(messageId: string): Promise<RecipientRow[]>;
  /** Listens on the account's private channel until the cleanup is called. */
  watch(accountId: string, heard: (event: LiveEvent) => void): () => void;
}
