/**
 * Trace headers (RFC 5321 section 4.4): the Received line that this gateway adds, and how many a mail already has.
 */
import type { Arrived } from "../arrival/arrived.ts";

/** A whole header line without its line break. Names no recipient, so that a blind one stays hidden. */
export function traceLine(arrived: Pick<Arrived, "id" | "client">, hostname: string, nowMs: number): string {
  const { helo, address, protocol } = arrived.client;
  const date = new Date(nowMs).toUTCString().replace("GMT", "+0000");
  return `Received: from ${helo} ([${address}]) by ${hostname} (Sealpost) with ${protocol} id ${arrived.id}; ${date}`;
}

/** The mail with the line on top. */
export function withTrace(line: string, raw: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${line}\r\n`), raw]);
}

/** A header block longer than this is counted so far only. */
const mostHeaderBytes = 1_000_000;

/** How many servers a mail says to have passed. */
export function countHops(raw: Buffer): number {
  const crlf = raw.indexOf("\r\n\r\n");
  const end = Math.min(crlf < 0 ? raw.length : crlf, mostHeaderBytes);
  return raw.toString("latin1", 0, end).match(/^received:/gim)?.length ?? 0;
}
