/**
 * What the portal asks the server about mail that is written in it: uploads, handing in, the outbox; and about mail that is
 * held for this account's review. Still sealed, all of it.
 */

export type PortalMailState = "sending" | "sent" | "refused" | "held";

/** One mail that was handed in. */
export interface PortalMailRow {
  id: string;
  state: PortalMailState;
  /** A sentence for the writer. */
  error: string | null;
  created_at: string;
  finished_at: string | null;
  message_id: string | null;
  delivery_id: string | null;
  key_version: number;
  /** Base64; null once it is in Sent. */
  own_copy: string | null;
}

/** Binary fields are base64. */
export interface SealedOutgoing {
  id: string;
  keyVersion: number;
  parcel: string;
  ownCopy: string;
  objects: readonly string[];
}

export type SendAnswer =
  | ({ kind: PortalMailState } & PortalMailRow)
  /** Enough for this hour. */
  | { kind: "limited"; seconds: number }
  | { kind: "upload-missing"; objects: string[] }
  | { kind: "too-large" };

export interface UploadPiece {
  portalMailId: string;
  part: number;
  /** From 0. */
  piece: number;
  cipherBytes: number;
}

export type ReserveAnswer =
  | { kind: "reserved"; name: string; uploaded: boolean }
  | { kind: "over-quota"; quota_bytes: number; used_bytes: number }
  | { kind: "too-large" };

/** Somebody of the organisation who has written to this account. */
export interface CorrespondentRow {
  address: string;
  name: string | null;
  last_at: string;
}

/** A mail that waits for a reviewer, or what became of it. */
export interface HeldMailRow {
  id: string;
  policy: string;
  component: string | null;
  score: number | null;
  sender: string;
  recipients: string[];
  secured_as: string | null;
  state: "waiting" | "released" | "refused" | "returned";
  decision: Decision | null;
  words: string | null;
  decided_by: string | null;
  decided_at: string | null;
  decide_by: string;
  created_at: string;
}

export type Decision = "release" | "refuse";

export type DecideAnswer =
  | { kind: "decided"; decision: Decision }
  | { kind: "decided-before"; decision: Decision; decided_by: string | null; state: HeldMailRow["state"] }
  | { kind: "unknown" };

export interface PortalMailBackend {
  /** Hands a mail in; the same id again answers what became of it, and sends nothing twice. */
  sendPortalMail(mail: SealedOutgoing): Promise<SendAnswer>;
  portalMail(): Promise<PortalMailRow[]>;
  /** Takes a mail back, or clears a refused one away; false when it is too late. */
  withdrawPortalMail(id: string): Promise<boolean>;
  reserveUpload(piece: UploadPiece): Promise<ReserveAnswer>;
  upload(name: string, bytes: Uint8Array): Promise<void>;
  /** Gives up the uploads of a draft, or of one attachment of it. */
  dropUploads(portalMailId: string, part: number | null): Promise<void>;
  correspondents(): Promise<CorrespondentRow[]>;
  /** Null where it is not this account's to review. */
  heldMail(deliveryId: string): Promise<HeldMailRow | null>;
  decideHeld(deliveryId: string, decision: Decision, words: string | null): Promise<DecideAnswer>;
}

/** The definition that marks a mail as waiting for review; a real one's name has no blank. */
export const HELD_FOR_REVIEW = "held for review";
