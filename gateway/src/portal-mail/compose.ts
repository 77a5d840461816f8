/**
 * A portal mail as bytes (RFC 5322): what is judged and sealed, and the ordinary mail for internal recipients, which threads in
 * their client.
 *
 * The same portal mail gives the same bytes each time, so that an attempt after a crash is known as the same mail. Its id comes
 * from the device, so boundaries are made with a key: nobody can write one into the text.
 */
import { createHmac, type KeyObject } from "node:crypto";
import { context } from "@sealpost/shared/crypto/context.ts";
import type { PortalMail } from "@sealpost/shared/portal-mail/portal-mail.ts";
import type { Correspondent } from "@sealpost/shared/wire/header.ts";
import MailComposer from "nodemailer/lib/mail-composer";

export type ToCompose = {
  readonly id: string;
  readonly mail: PortalMail;
  /** Bytes of the attachments, by part. */
  readonly files: ReadonlyMap<number, Uint8Array>;
  readonly writtenAtMs: number;
  /** The Message-ID of the mail that is answered, verified; null where it has none. */
  readonly original: string | null;
  readonly author: Correspondent;
};

export type ComposePorts = { readonly noticeDomain: string; readonly macKey: KeyObject };

/** The mail as its author wrote it. */
export async function composeMail(ports: ComposePorts, composing: ToCompose): Promise<Buffer> {
  return await build(ports, composing, { from: composing.author });
}

/**
 * The mail of somebody outside for people inside: From our own domain, since their mail servers would take an outside author for
 * a forgery; an answer goes to the author, and is secured because it stands in the thread. See docs/decisions/0012-portal-mail.md.
 */
export async function composeCopy(
  ports: ComposePorts,
  composing: ToCompose,
  organisation: string,
): Promise<Buffer> {
  const { author } = composing;
  const name = `${author.name || author.address} via ${organisation}`;
  const from = { name, address: portalAddress(ports.noticeDomain) };
  return await build(ports, composing, { from, replyTo: author });
}

/** Envelope sender and From of copies for internal recipients. */
export function portalAddress(noticeDomain: string): string {
  return `portal@${noticeDomain}`;
}

async function build(
  { noticeDomain, macKey }: ComposePorts,
  { id, mail, files, writtenAtMs, original }: ToCompose,
  people: { readonly from: Correspondent; readonly replyTo?: Correspondent },
): Promise<Buffer> {
  const composer = new MailComposer({
    ...people,
    to: [...mail.to],
    cc: [...mail.cc],
    subject: mail.subject,
    text: mail.text,
    ...(mail.html !== null && { html: mail.html }),
    attachments: mail.attachments.map(({ part, name, type, cid, inline }) => ({
      filename: name,
      contentType: safeType(type),
      content: Buffer.from(files.get(part) ?? []),
      ...(inline && cid !== undefined && { cid, contentDisposition: "inline" as const }),
    })),
    ...(original !== null && { inReplyTo: original, references: [original] }),
    messageId: `<${id}@${noticeDomain}>`,
    date: new Date(writtenAtMs),
    disableFileAccess: true,
    disableUrlAccess: true,
    newline: "windows",
    ...{ baseBoundary: boundaryOf(macKey, id) },
  });
  return await composer.compile().build();
}

/** What would be read as a structure of its own travels as mere bytes. */
function safeType(type: string): string {
  const plain = /^(?!multipart\/|message\/)[a-z0-9][a-z0-9!#$&^_.+-]*\/[a-z0-9][a-z0-9!#$&^_.+-]*$/iu;
  return plain.test(type) ? type.toLowerCase() : "application/octet-stream";
}

function boundaryOf(macKey: KeyObject, id: string): string {
  return createHmac("sha256", macKey).update(context("portal-mail-boundary", id)).digest("hex").slice(0, 32);
}
