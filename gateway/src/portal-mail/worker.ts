/**
 * The worker that empties the portal's outbox: claims mails for a lease, carries them, and says what became of them. What could not
 * be dealt with comes again for two days; a gateway that dies leaves its mails to the others when the lease ends.
 *
 * It looks by itself, every second: people in the portal watch the word "sending".
 */

import { makeWakeable, type Repeating, repeat } from "../background/repeat.ts";
import { DatabaseProblem } from "../database/problem.ts";
import { causeOf } from "../log.ts";
import { parseMail } from "../mime/parse-mail.ts";
import type { Organisation } from "../organisation/organisation.ts";
import { mailMac } from "../secure/mail-identity.ts";
import { StorageAway } from "../secure/storage.ts";
import { type Carried, type CarryPorts, carryMail } from "./carry.ts";
import { type Claimed, claimMails, holdMail, refuseMail, retryMail } from "./outbox.ts";

export type PortalMailPorts = CarryPorts & {
  /** Undefined until it is known. */
  readonly organisation: () => Organisation | undefined;
  readonly now: () => number;
};

/** Each may take a few times 50 MB while it is carried. */
const mostAtOnce = 2;
/** Fetching 50 MB, sealing and uploading them again, on a slow day. */
const leaseSeconds = 600;
const lookEveryMs = 1_000;
const firstRetrySeconds = 5;
const longestRetrySeconds = 600;
/** As for relay jobs: what senders expect of mail servers. */
const givesUpAfterMs = 48 * 3_600_000;

/** Works from now on until it is stopped, which waits for the mails under way. */
export function startPortalMail(ports: PortalMailPorts): Repeating {
  const worker = makeWakeable(async () => {
    try {
      if (ports.organisation() === undefined) return;
      const claimed = await claimMails(ports.database, { most: mostAtOnce, leaseSeconds });
      await Promise.all(claimed.map((mail) => deal(ports, mail)));
      if (claimed.length > 0) worker.wake();
    } catch (error) {
      ports.log("warn", "portal mail has to wait", { what: causeOf(error) });
    }
  }, 0);
  const looks = repeat(async () => worker.wake(), lookEveryMs);
  return {
    async stop() {
      await looks.stop();
      await worker.stop();
    },
  };
}

async function deal(ports: PortalMailPorts, claimed: Claimed): Promise<void> {
  const { id } = claimed;
  try {
    const organisation = ports.organisation();
    if (organisation === undefined) return;
    const carried = await carryMail(ports, claimed, organisation);
    await conclude(ports, claimed, carried);
    ports.log("info", "a portal mail was dealt with", { name: id, what: wordOf(carried) });
  } catch (error) {
    const away =
      error instanceof StorageAway || (error instanceof DatabaseProblem && error.kind !== "refused");
    ports.log(away ? "warn" : "error", "a portal mail has to come again", {
      name: id,
      what: causeOf(error),
    });
    await later(ports, claimed, causeOf(error)).catch(() => undefined); // the lease ends, and it comes again
  }
}

async function conclude(ports: PortalMailPorts, claimed: Claimed, carried: Carried): Promise<void> {
  switch (carried.kind) {
    case "gone":
      return;
    case "refused":
      return await refuseMail(ports.database, claimed.id, carried.tellSender);
    case "answered": {
      const { raw, answer } = carried;
      const { code, text } = answer;
      // what was stored has ended in the same transaction; what was not, and was taken, waits for review
      if (code === 250) return await holdMail(ports.database, claimed.id, macOf(ports, claimed, raw));
      if (code < 500) return await later(ports, claimed, text);
      return await refuseMail(ports.database, claimed.id, sentenceOf(text));
    }
  }
}

async function later(ports: PortalMailPorts, claimed: Claimed, what: string): Promise<void> {
  const { id, attempts } = claimed;
  if (ports.now() - claimed.created_at_ms > givesUpAfterMs) {
    const error =
      "The mail could not be delivered within two days. Send it again, or ask the administrators.";
    return await refuseMail(ports.database, id, error);
  }
  const seconds = Math.min(firstRetrySeconds * 2 ** Math.min(attempts - 1, 20), longestRetrySeconds);
  await retryMail(ports.database, id, { what, seconds });
}

function macOf({ keyring }: PortalMailPorts, { address }: Claimed, raw: Buffer): Buffer {
  return mailMac(keyring.macKey, { sender: address, mail: parseMail(raw), raw });
}

/** The words of an SMTP answer without the enhanced status code. */
function sentenceOf(text: string): string {
  return text.replace(/^\d\.\d{1,3}\.\d{1,3} /, "");
}

function wordOf(carried: Carried): string {
  return carried.kind === "answered" ? String(carried.answer.code) : carried.kind;
}
