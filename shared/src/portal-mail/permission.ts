/**
 * Who may write to whom from the portal (DESIGN.md section 2). Pure: the gateway decides by it, and the portal disables by it what
 * would be refused.
 *
 * A refusal reads the same whether an address exists or not, so that nobody can find out who is there by writing.
 * [Note: The same answer for unknown addresses]
 */
import type { Controls } from "../wire/controls.ts";
import type { PortalMail } from "./portal-mail.ts";

export type ReplyPermission =
  | { kind: "allowed" }
  | { kind: "refused"; because: "reply-forbidden" | "reply-all-forbidden" | "ended" };

/** What is known of the message that is answered. Addresses are normalised. */
export type Answered = {
  /** Who sent it. */
  readonly owner: string;
  readonly controls: Pick<Controls, "reply" | "replyAll">;
  /** Expired or recalled when the answer was sent off. */
  readonly ended: boolean;
};

/** Whether `me` may answer; one's own message may always be followed up while it lives. */
export function mayReply(answered: Answered, me: string, kind: "reply" | "reply-all"): ReplyPermission {
  if (answered.ended) return { kind: "refused", because: "ended" };
  if (answered.owner === me) return { kind: "allowed" };
  if (!answered.controls.reply) return { kind: "refused", because: "reply-forbidden" };
  return kind === "reply-all" && !answered.controls.replyAll
    ? { kind: "refused", because: "reply-all-forbidden" }
    : { kind: "allowed" };
}

export type Writing = {
  readonly kind: PortalMail["kind"];
  /** Normalised recipients, without the writer. */
  readonly recipients: readonly string[];
  readonly me: string;
  /** The organisation's own people may write to anybody, as they may by mail. */
  readonly internal: boolean;
  /** Null where the writer has no such message, or there is none: nobody can tell which. */
  readonly answered: (Answered & { readonly people: ReadonlySet<string> }) | null;
  /** Internal addresses that have written to the writer before. */
  readonly correspondents: ReadonlySet<string>;
  readonly organisation: string;
};

export type Permission = { kind: "allowed" } | { kind: "refused"; tellSender: string };

/** Whether a portal mail may go to its recipients; a refusal is a sentence for the writer. */
export function mayWrite(writing: Writing): Permission {
  const { recipients, answered, correspondents, internal } = writing;
  if (writing.kind !== "new") {
    if (answered === null) return refused("The message that you answer is not there any more.");
    const permission = mayReply(answered, writing.me, replyKind(writing));
    if (permission.kind === "refused") return refused(replyWords[permission.because]);
  }
  if (internal) return { kind: "allowed" };
  const stranger = recipients.find(
    (address) => !correspondents.has(address) && !(answered?.people.has(address) ?? false),
  );
  return stranger === undefined ? { kind: "allowed" } : refused(strangerWords(writing, stranger));
}

/** A reply that goes to more than the sender is a reply to all, whatever it calls itself. */
function replyKind({ kind, recipients, answered }: Writing): "reply" | "reply-all" {
  return kind === "reply" && recipients.every((address) => address === answered?.owner)
    ? "reply"
    : "reply-all";
}

const replyWords: Record<Extract<ReplyPermission, { kind: "refused" }>["because"], string> = {
  "reply-forbidden": "The sender does not allow replies to this message.",
  "reply-all-forbidden": "The sender allows replies to this message only to the sender, not to all.",
  ended: "The message that you answer has ended, so it can no longer be answered.",
};

function strangerWords({ organisation, answered }: Writing, stranger: string): string {
  const people = `people of ${organisation} who have written to you`;
  const whom = answered === null ? people : `the people of this conversation and to ${people}`;
  return `You can write to ${whom}, but not to ${stranger}.`;
}

function refused(tellSender: string): Permission {
  return { kind: "refused", tellSender };
}
