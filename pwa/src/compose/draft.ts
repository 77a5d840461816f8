/**
 * A draft: what somebody is writing, bound for life to one id and one content key, from which the keys of its files come. Pure.
 *
 * A part number is used for one file only, also after that was removed: a second plaintext under one key would break the
 * cipher. [Note: A part is used once]
 */
import { normaliseAddress } from "@sealpost/shared/address.ts";
import {
  type PortalAttachment,
  type PortalMail,
  SMALL_ATTACHMENT_BYTES,
  SMALL_ATTACHMENTS_BYTES,
} from "@sealpost/shared/portal-mail/portal-mail.ts";
import { replyRecipients, replySubject } from "@sealpost/shared/portal-mail/reply.ts";
import type { Correspondent, MessageHeader } from "@sealpost/shared/wire/header.ts";

/** Where the bytes of a file are. */
export type DraftContent =
  | { kind: "inside"; bytesB64: string }
  | ({ kind: "uploaded" } & NonNullable<PortalAttachment["uploaded"]>)
  /** Not yet whole anywhere but on this device's disk. */
  | { kind: "unfinished" };

export interface DraftFile {
  part: number;
  name: string;
  type: string;
  size: number;
  content: DraftContent;
}

export interface Draft {
  id: string;
  kind: PortalMail["kind"];
  inReplyTo: string | null;
  originalMessageId: string | null;
  to: Correspondent[];
  cc: Correspondent[];
  subject: string;
  text: string;
  /** 32 random bytes, base64. */
  contentKey: string;
  nextPart: number;
  files: DraftFile[];
  /** It was handed in, and no answer came: it may be on its way as it was then. */
  handedIn: boolean;
  savedAt: number;
}

/** What makes a draft one of its own. */
export interface DraftIdentity {
  id: string;
  contentKey: string;
  now: number;
}

export function newDraft({ id, contentKey, now }: DraftIdentity): Draft {
  return {
    ...{ id, contentKey, kind: "new", inReplyTo: null, originalMessageId: null, to: [], cc: [] },
    ...{ subject: "", text: "", nextPart: 1, files: [], handedIn: false, savedAt: now },
  };
}

/** The answer to a message that is on screen. `me` is normalised; `quoted` stands beneath what is written. */
export function replyDraft(
  identity: DraftIdentity,
  answered: { kind: "reply" | "reply-all"; messageId: string; header: MessageHeader; quoted: string },
  me: string,
): Draft {
  const { kind, messageId, header, quoted } = answered;
  return {
    ...newDraft(identity),
    ...replyRecipients(kind, header, me),
    kind,
    inReplyTo: messageId,
    originalMessageId: header.messageId ?? null,
    subject: replySubject(header.subject),
    text: quoted,
  };
}

/** A mail that was refused, to be mended. Its files were sealed for the refused one: they must be added again. */
export function draftAgain(identity: DraftIdentity, mail: PortalMail): Draft {
  const { kind, inReplyTo, originalMessageId, to, cc, subject, text } = mail;
  return {
    ...newDraft(identity),
    ...{ kind, inReplyTo, originalMessageId, subject, text },
    to: [...to],
    cc: [...cc],
  };
}

/** Whether a file of this size travels inside the parcel. */
export function fitsInside(files: readonly DraftFile[], size: number): boolean {
  const inside = files.filter(({ content }) => content.kind === "inside");
  const total = inside.reduce((sum, file) => sum + file.size, 0);
  return size <= SMALL_ATTACHMENT_BYTES && total + size <= SMALL_ATTACHMENTS_BYTES;
}

/** The mail that is handed in. Every file must be finished. */
export function mailOf(draft: Draft): PortalMail {
  const { kind, inReplyTo, originalMessageId, to, cc, subject, text, contentKey, files } = draft;
  const attachments = files.map(({ part, name, type, size, content }): PortalAttachment => {
    const uploaded =
      content.kind === "uploaded" ? { sha256: content.sha256, objects: [...content.objects] } : null;
    return { part, name, type, size, inline: false, uploaded };
  });
  const uploads = attachments.some(({ uploaded }) => uploaded !== null);
  return {
    ...{ v: 1, kind, inReplyTo, originalMessageId, to: [...to], cc: [...cc], subject, text, html: null },
    contentKey: uploads ? contentKey : null,
    attachments,
  };
}

/** "Ann <ann@acme.example>" or a bare address; null where there is none in it. */
export function readPerson(typed: string, known: readonly Correspondent[]): Correspondent | null {
  const [, name = "", inBrackets] = /^\s*"?([^"<]*?)"?\s*<([^<>]+)>\s*$/.exec(typed) ?? [];
  const address = normaliseAddress(inBrackets ?? typed);
  if (address === undefined) return null;
  const found = known.find((one) => one.address === address);
  return { name: name || found?.name || "", address };
}
