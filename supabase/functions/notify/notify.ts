/**
 * Notices: each recipient is told, once, that a secure message is there. A notice whose message has ended meanwhile is dropped;
 * one whose sending was cut short goes out again under the same Message-ID.
 */
import { normaliseAddress } from "@sealpost/shared/address.ts";
import { english } from "../../templates/english.ts";
import { oneLine } from "../../templates/letter.ts";
import { noticeLetter } from "../../templates/notice.ts";
import { type KickRim, kickedFunction, type Progress } from "../_shared/kick.ts";
import { describeError } from "../_shared/log.ts";
import { laterOrNever, type MailOutcome, type Outbox, outcomeOf } from "../_shared/outbox.ts";
import { MAILS_AT_ONCE, type OutgoingMail, type Postman } from "../_shared/outgoing-mail.ts";

/** A notice as `claim_notices` gives it. */
export interface DueNotice {
  readonly id: string;
  readonly delivery_id: string;
  readonly address: string;
  readonly token: string;
  /** This one included. */
  readonly attempts: number;
  readonly readable: boolean;
  readonly sender_address: string;
  readonly sender_name: string | null;
  readonly expires_at: string | null;
  readonly view_limit: number | null;
  readonly organisation: string;
  readonly phrase: string | null;
  readonly first_contact: boolean;
}

export interface NotifyPorts {
  readonly rim: KickRim;
  readonly claim: (most: number) => Promise<readonly DueNotice[]>;
  readonly outbox: Outbox;
  readonly portal: URL;
  readonly newPostman: () => Postman;
}

/** Notices of one kick: two rounds of mails, which a claim's two minutes bear. */
const NOTICES_A_KICK = 2 * MAILS_AT_ONCE;

const LONGEST_NAME = 60;

export function makeNotify(ports: NotifyPorts): (request: Request) => Promise<Response> {
  return kickedFunction(ports.rim, async (): Promise<Progress> => {
    const notices = await ports.claim(NOTICES_A_KICK);
    const postman = ports.newPostman();
    try {
      await withWorkers(notices, MAILS_AT_ONCE, (notice) => notify(ports, postman, notice));
    } finally {
      postman.close();
    }
    return { done: notices.length, left: notices.length < NOTICES_A_KICK ? 0 : 1 };
  });
}

/** Sends one notice and records what came of it. A failure of ours spoils no other notice. */
async function notify(ports: NotifyPorts, postman: Postman, notice: DueNotice): Promise<void> {
  try {
    await ports.outbox.record(notice.id, await send(ports, postman, notice));
  } catch (error) {
    ports.rim.log({ function: "notify", what: "not recorded", notice: notice.id, ...describeError(error) });
  }
}

async function send(ports: NotifyPorts, postman: Postman, notice: DueNotice): Promise<MailOutcome> {
  if (!notice.readable) return { kind: "dropped", because: "The message could no longer be read." };
  if (normaliseAddress(notice.address) !== notice.address) {
    return { kind: "failed", because: "The address is not one that mail can be sent to." };
  }
  try {
    return outcomeOf(await postman.deliver(mailOf(ports, notice)), notice.attempts);
  } catch (error) {
    ports.rim.log({ function: "notify", what: "not sent", notice: notice.id, ...describeError(error) });
    return laterOrNever("The notice could not be made.", notice.attempts);
  }
}

function mailOf(ports: NotifyPorts, notice: DueNotice): OutgoingMail {
  const sender = oneLine(notice.sender_name ?? "", LONGEST_NAME) || notice.sender_address;
  const letter = noticeLetter(
    {
      organisation: notice.organisation,
      senderName: notice.sender_name,
      senderAddress: notice.sender_address,
      recipient: notice.address,
      expiresAt: notice.expires_at === null ? null : new Date(notice.expires_at),
      viewLimit: notice.view_limit,
      phrase: notice.phrase,
      firstContact: notice.first_contact,
      portal: ports.portal,
      deliveryId: notice.delivery_id,
    },
    english,
  );
  const fromName = `${sender} via ${oneLine(notice.organisation, LONGEST_NAME)}`;
  return { letter, to: notice.address, fromName, token: notice.token, messageId: `notice-${notice.id}` };
}

/** Works through a list with so many at a time; the work must not throw. */
async function withWorkers<T>(
  items: readonly T[],
  most: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const waiting = items.values();
  const worker = async () => {
    for (const item of waiting) await work(item);
  };
  await Promise.all(Array.from({ length: most }, worker));
}
