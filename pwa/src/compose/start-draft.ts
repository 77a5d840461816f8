/**
 * Beginning to write: the draft of an answer, or the one that was begun before, or a new message.
 */
import { toB64 } from "@sealpost/shared/bytes.ts";
import { useNavigate } from "@solidjs/router";
import { type Mail, useMail } from "../mailbox/mail.ts";
import { nameOf } from "../mailbox/row-words.ts";
import type { ShownMessage } from "../message/open.ts";
import type { OutboxItem } from "../outbox/outbox.ts";
import { type Portal, usePortal } from "../portal.ts";
import { exactTime } from "../time/words.ts";
import { type Draft, type DraftIdentity, draftAgain, newDraft, replyDraft } from "./draft.ts";
import { quote, textOfHtml } from "./quote.ts";

const CONTENT_KEY_BYTES = 32;

export interface Writing {
  fresh(): void;
  reply(kind: "reply" | "reply-all", message: ShownMessage): void;
  /** A refused mail again, in place of the refused one. */
  again(item: OutboxItem): Promise<void>;
}

export function useWriting(): Writing {
  const mail = useMail();
  const portal = usePortal();
  const navigate = useNavigate();
  const open = (draft: Draft): void => {
    // Where the device keeps nothing, the draft lives in this tab.
    void mail.drafts.save(draft).catch(() => undefined);
    navigate(`/write/${draft.id}`);
  };
  return {
    fresh: () => open(newDraft(identity(mail, portal))),
    reply(kind, message) {
      const begun = mail.drafts.all().find((one) => one.inReplyTo === message.messageId && one.kind === kind);
      if (begun !== undefined) return navigate(`/write/${begun.id}`);
      const { messageId, header } = message;
      const quoted = quotedFrom(message, portal);
      open(replyDraft(identity(mail, portal), { kind, messageId, header, quoted }, mail.address));
    },
    async again({ row, mail: written }) {
      if (written === null) return;
      open(draftAgain(identity(mail, portal), written));
      await mail.outbox.dismiss(row.id);
    },
  };
}

function identity(mail: Mail, { clock }: Portal): DraftIdentity {
  const contentKey = toB64(mail.keys.primitives.randomBytes(CONTENT_KEY_BYTES));
  return { id: crypto.randomUUID(), contentKey, now: clock.now() };
}

function quotedFrom({ header, body }: ShownMessage, { locale }: Portal): string {
  const at = Date.parse(header.date);
  const text = body.text ?? textOfHtml(body.html ?? "", textOf);
  const written = Number.isFinite(at) ? exactTime(at, locale) : header.date;
  return quote({ name: nameOf(header.from), written, text });
}

/** Of a document that is never shown: it runs nothing and fetches nothing. */
function textOf(html: string): string {
  return new DOMParser().parseFromString(html, "text/html").body.textContent ?? "";
}
