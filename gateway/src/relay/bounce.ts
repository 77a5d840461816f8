/**
 * Bounces: telling a sender who did not get a mail, in words and in the form of RFC 3464.
 *
 * Carries the headers of the original only, and of those none that hide recipients.
 */
import { stripTriggers } from "../internal-copy/strip-triggers.ts";
import type { RecipientRefusal } from "./transaction.ts";

export type BouncePorts = {
  readonly hostname: string;
  readonly noticeDomain: string;
  readonly newId: () => string;
  readonly now: () => number;
};

export type Failed = BouncePorts & {
  readonly sender: string;
  readonly failures: readonly RecipientRefusal[];
  readonly original: Buffer;
};

/** A whole mail, to be sent from the null sender. */
export function makeBounce(failed: Failed): Buffer {
  const { sender, failures, hostname, noticeDomain } = failed;
  const boundary = `=_${failed.newId()}`;
  const date = new Date(failed.now()).toUTCString().replace("GMT", "+0000");
  const part = (type: string, content: string) =>
    `--${boundary}\r\nContent-Type: ${type}\r\n\r\n${content}\r\n`;
  const head = [
    `From: Mail delivery <mailer-daemon@${noticeDomain}>`,
    `To: <${sender}>`,
    "Subject: Undelivered mail: not everybody got it",
    `Date: ${date}`,
    `Message-ID: <${failed.newId()}@${noticeDomain}>`,
    "Auto-Submitted: auto-replied",
    "MIME-Version: 1.0",
    `Content-Type: multipart/report; report-type=delivery-status; boundary="${boundary}"`,
  ].join("\r\n");
  const text = [
    head,
    "",
    part("text/plain; charset=utf-8", words(failures)) +
      part("message/delivery-status", status(failures, { hostname, date })) +
      part("text/rfc822-headers; charset=utf-8", headersOf(failed.original)) +
      `--${boundary}--`,
    "",
  ].join("\r\n");
  return Buffer.from(text, "utf8");
}

function words(failures: readonly RecipientRefusal[]): string {
  const list = failures.map(({ address, reply }) => `  ${address}\r\n    ${reply.code} ${reply.text}`);
  return `Your mail was not delivered to the following people. If it had other recipients, they are not concerned.\r\n\r\n${list.join("\r\n")}\r\n`;
}

function status(
  failures: readonly RecipientRefusal[],
  { hostname, date }: { hostname: string; date: string },
): string {
  const message = `Reporting-MTA: dns; ${hostname}\r\nArrival-Date: ${date}\r\n`;
  const recipients = failures.map(({ address, reply }) =>
    [
      `Final-Recipient: ${isAscii(address) ? "rfc822" : "utf-8"}; ${address}`,
      "Action: failed",
      `Status: ${/^5\.\d{1,3}\.\d{1,3}/.exec(reply.text)?.[0] ?? "5.0.0"}`,
      `Diagnostic-Code: smtp; ${reply.code} ${reply.text}`,
      "",
    ].join("\r\n"),
  );
  return [message, ...recipients].join("\r\n");
}

const mostHeaderBytes = 16_384;

function headersOf(original: Buffer): string {
  const visible = stripTriggers(original);
  const end = visible.indexOf("\r\n\r\n");
  return visible.toString("utf8", 0, Math.min(end < 0 ? visible.length : end + 2, mostHeaderBytes));
}

function isAscii(text: string): boolean {
  return Buffer.byteLength(text) === text.length;
}
