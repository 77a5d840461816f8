/**
 * One mail as it arrived: its envelope, its bytes, and who brought it.
 */
import { normaliseAddress, normaliseDomain } from "@sealpost/shared/address.ts";

/** An address of the envelope. */
export type Path = {
  /** As it is handed on: local part as given, domain in ASCII. */
  readonly given: string;
  /** The normalised spelling; undefined where nobody can have a mailbox under it (an address literal). */
  readonly address: string | undefined;
};

export type Arrived = {
  /** Names the mail in the log and in Received. */
  readonly id: string;
  readonly raw: Buffer;
  /** Null for the null sender of bounces. */
  readonly sender: Path | null;
  readonly recipients: readonly Path[];
  /** The client asked for SMTPUTF8 (RFC 6531), for 8BITMIME (RFC 6152). */
  readonly utf8: boolean;
  readonly eightBit: boolean;
  readonly client: { readonly address: string; readonly helo: string; readonly protocol: string };
};

export function readPath(text: string): Path {
  const at = text.lastIndexOf("@");
  const domain = at < 0 ? undefined : normaliseDomain(text.slice(at + 1));
  const given = domain === undefined ? text : `${text.slice(0, at)}@${domain}`;
  return { given, address: normaliseAddress(text) };
}
