/**
 * Controls: what the sender or a policy allows a recipient to do with a message. In the clear beside the message (the database
 * enforces some of them) and signed by the gateway, so that nobody can loosen them.
 */
import { claim, nullable, type Parsed, record, type Shape, whole } from "./shape.ts";

export interface Controls {
  readonly print: boolean;
  readonly download: boolean;
  readonly reply: boolean;
  readonly replyAll: boolean;
  /** The sender asked to be told by mail, not only in Sent. */
  readonly receipt: boolean;
  readonly watermark: boolean;
  /** How often it may be opened; null: no limit. */
  readonly viewLimit: number | null;
  /** It is never kept on a device. */
  readonly onlineOnly: boolean;
}

/** More openings than this are no limit; it keeps the number in the database's range. */
export const MAX_VIEW_LIMIT = 1_000_000;

/** Everything allowed: what a definition tightens. */
export const OPEN_CONTROLS: Controls = Object.freeze({
  print: true,
  download: true,
  reply: true,
  replyAll: true,
  receipt: false,
  watermark: false,
  viewLimit: null,
  onlineOnly: false,
});

const shape: Shape<Controls> = record<Controls>({
  print: claim,
  download: claim,
  reply: claim,
  replyAll: claim,
  receipt: claim,
  watermark: claim,
  viewLimit: nullable(whole(1, MAX_VIEW_LIMIT)),
  onlineOnly: claim,
});

/** Controls from JSON that was already read (jsonb of the database). */
export function parseControls(value: unknown): Parsed<Controls> {
  return shape(value, "controls");
}

/** The one text of these controls that is signed: fields in alphabetical order, no spaces. */
export function canonicalControls(controls: Controls): string {
  const { download, onlineOnly, print, receipt, reply, replyAll, viewLimit, watermark } = controls;
  return JSON.stringify({ download, onlineOnly, print, receipt, reply, replyAll, viewLimit, watermark });
}
