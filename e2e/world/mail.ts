/**
 * Ordinary mail from the outside: sending by a real SMTP client, and reading what left for the world in MailDev.
 */
import { createTransport, type SendMailOptions } from "nodemailer";
import { inject } from "vitest";

/** A mail that MailDev caught. */
export type CaughtMail = {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly from: readonly { address: string; name: string }[];
  readonly envelope: { readonly to: readonly { address: string }[] };
  readonly headers: Record<string, string>;
};

/** Sends a mail through the gateway, as a mail client would; gives the gateway's answer. */
export async function send(mail: SendMailOptions): Promise<string> {
  const transport = createTransport({ host: "127.0.0.1", port: inject("world").smtpPort, ignoreTLS: true });
  const sent = await transport.sendMail(mail);
  transport.close();
  return sent.response;
}

/** All mails caught for an address, oldest first. */
export async function mailsTo(address: string): Promise<CaughtMail[]> {
  const answer = await fetch(`${inject("world").mailWebUrl}/api/email`);
  const body: unknown = await answer.json();
  const mails = (Array.isArray(body) ? body : ((body as { data?: unknown[] }).data ?? [])) as CaughtMail[];
  return mails.filter((mail) => mail.envelope.to.some((to) => to.address === address));
}

/** Waits until `count` mails for the address have been caught; the system sends them in the background. */
export async function waitForMails(address: string, count: number, withinMs = 20_000): Promise<CaughtMail[]> {
  const until = Date.now() + withinMs;
  for (;;) {
    const mails = await mailsTo(address);
    if (mails.length >= count) return mails;
    if (Date.now() > until) throw new Error(`${mails.length} of ${count} mails for ${address} came`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** The notice among caught mails. */
export function noticeIn(mails: readonly CaughtMail[]): CaughtMail {
  const notice = mails.find((mail) => /sent you a secure message/.test(mail.subject));
  if (notice === undefined)
    throw new Error(`no notice among: ${mails.map((mail) => mail.subject).join("; ")}`);
  return notice;
}

/** The temporary password that stands alone on its line. */
export function temporaryPasswordIn(mails: readonly CaughtMail[]): string {
  for (const mail of mails) {
    const found = /^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/m.exec(mail.text);
    if (found !== null) return found[0];
  }
  throw new Error("no temporary password in any mail");
}

/** The link of a notice, `<portal>/m/<delivery id>`. */
export function linkIn(mail: CaughtMail): string {
  const found = new RegExp(`${inject("world").portalUrl}/m/[0-9a-f-]{36}`).exec(mail.text);
  if (found === null) throw new Error("no link to a message in the mail");
  return found[0];
}
