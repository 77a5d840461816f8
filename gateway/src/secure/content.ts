/**
 * What is sealed of a mail: the header that a list shows, and the body. Within the bounds of the wire shapes; no Bcc.
 */
import { normaliseAddress } from "@sealpost/shared/address.ts";
import type { Mail, Person } from "@sealpost/shared/mail.ts";
import { type AttachmentInfo, MAX_FILE_NAME, type MessageBody } from "@sealpost/shared/wire/body.ts";
import {
  type Correspondent,
  MAX_ADDRESS,
  MAX_CORRESPONDENTS,
  MAX_NAME,
  MAX_SUBJECT,
  type MessageHeader,
} from "@sealpost/shared/wire/header.ts";

const longestMediaType = 255;
const longestId = 2_000;

/** Another mail address, or a web address that mail clients make a link of in our own notice. */
const POSES_AS_ADDRESS = /@|:\/\/|\bwww\./i;

/**
 * The sender as From names them, whoever else it names; without a name where it does not, or where the name poses as an address.
 * `sender` is normalised.
 */
export function authorOf(mail: Pick<Mail, "from">, sender: string): Person {
  const named = mail.from.find(({ address }) => normaliseAddress(address) === sender);
  if (named === undefined) return { name: "", address: sender };
  return POSES_AS_ADDRESS.test(named.name.normalize("NFKC")) ? { ...named, name: "" } : named;
}

/** The sealed header. `subject` is without the tag; `sender` is the envelope's. */
export function headerOf(
  mail: Mail,
  { subject, sender, nowMs }: { readonly subject: string; readonly sender: string; readonly nowMs: number },
): MessageHeader {
  const messageId = mail.messageId;
  return {
    v: 1,
    subject: subject.slice(0, MAX_SUBJECT),
    from: correspondent(authorOf(mail, sender)),
    to: mail.to.slice(0, MAX_CORRESPONDENTS).map(correspondent),
    cc: mail.cc.slice(0, MAX_CORRESPONDENTS).map(correspondent),
    date: (mail.date ?? new Date(nowMs)).toISOString(),
    attachmentCount: mail.attachments.length,
    ...(messageId !== null && messageId.length <= longestId && { messageId }),
  };
}

/** The sealed body; attachment parts count from 1 in the mail's order. */
export function bodyOf(mail: Mail): MessageBody {
  return { v: 1, text: mail.text, html: mail.html, attachments: mail.attachments.map(infoOf) };
}

function infoOf(attachment: Mail["attachments"][number], index: number): AttachmentInfo {
  const { name, type, size, inline, cid } = attachment;
  return {
    part: index + 1,
    name: name.slice(0, MAX_FILE_NAME),
    type: type.slice(0, longestMediaType),
    size,
    inline,
    ...(cid !== null && { cid: cid.slice(0, longestId) }),
  };
}

function correspondent({ name, address }: Person): Correspondent {
  return { name: name.slice(0, MAX_NAME), address: address.slice(0, MAX_ADDRESS) };
}
