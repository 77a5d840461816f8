/**
 * Held mails once somebody has decided, or nobody has in time: released, refused, or returned, and the sender told.
 *
 * A claimed one is leased: when this gateway dies, another takes it up. What was secured is met again by its MAC, and what is
 * relayed is queued in the statement that ends the held mail, so each goes out once.
 */
import { openParcel, sealParcel } from "@sealpost/shared/crypto/parcel.ts";
import type { Mail } from "@sealpost/shared/mail.ts";
import { judgeReleased } from "@sealpost/shared/policy/judge.ts";
import type { Answer, refused } from "../arrival/answer.ts";
import { type Arrived, readPath } from "../arrival/arrived.ts";
import { makeWakeable, type Repeating, repeat } from "../background/repeat.ts";
import { stripTriggers } from "../internal-copy/strip-triggers.ts";
import { type Letter, letterRow } from "../letter/letter.ts";
import { causeOf } from "../log.ts";
import { parseMail } from "../mime/parse-mail.ts";
import type { Organisation } from "../organisation/organisation.ts";
import { verdictRow } from "../policies/verdict-log.ts";
import { traceLine, withTrace } from "../relay/trace.ts";
import { secureMail } from "../secure/secure-mail.ts";
import { findThread } from "../secure/thread.ts";
import type { SecurePorts } from "../secure/to-secure.ts";
import { type HeldMail, refusedLetter, releasedLetter, returnedLetter } from "./letters.ts";
import { type Claimed, claimHeld, type Finish, finishHeld, heldContent, retryHeld } from "./store-held.ts";

export type HeldMailPorts = SecurePorts & {
  readonly organisation: { get(): Organisation | undefined };
};

const mostAtOnce = 4;
const gapMs = 100;

/** How soon a decision is acted upon, made in the portal or in the dashboard. */
const roundMs = 3_000;

/** Sealing and storing the largest mail takes seconds; a dead gateway's work is taken up after this. */
const leaseSeconds = 120;
const longestRetrySeconds = 3_600;

/** Looks for decisions by itself until it is stopped. */
export function watchHeldMails(ports: HeldMailPorts): Repeating {
  const worker = makeWakeable(async () => {
    const organisation = ports.organisation.get();
    if (organisation === undefined) return;
    try {
      const claimed = await claimHeld(ports.database, mostAtOnce, leaseSeconds);
      await Promise.all(claimed.map((held) => settle(ports, held, organisation)));
      if (claimed.length > 0) worker.wake();
    } catch (error) {
      ports.log("warn", "held mails have to wait", { what: causeOf(error) });
    }
  }, gapMs);
  const rounds = repeat(async () => worker.wake(), roundMs);
  return {
    async stop() {
      await Promise.all([rounds.stop(), worker.stop()]);
    },
  };
}

async function settle(ports: HeldMailPorts, held: Claimed, organisation: Organisation): Promise<void> {
  try {
    const raw = await openHeld(ports, held.id);
    if (raw === undefined) return;
    const end = await endOf(ports, { held, raw, mail: parseMail(raw) }, organisation);
    if (end.kind === "later") {
      const seconds = Math.min(30 * 2 ** Math.min(held.attempts, 10), longestRetrySeconds);
      return await retryHeld(ports.database, held.id, {
        error: `${end.answer.code} ${end.answer.text}`,
        seconds,
      });
    }
    const letters = [await letterRow(ports, end.letter)];
    await finishHeld(ports.database, { id: held.id, state: end.state, relay: end.relay, letters });
    ports.onStored({ expiresAtMs: null });
    ports.log("info", "a held mail was settled", { name: held.id, what: end.state });
  } catch (error) {
    // the lease ends, and it is tried again
    ports.log("warn", "a held mail has to come again", { name: held.id, what: causeOf(error) });
  }
}

async function openHeld({ database, primitives, keyring, log }: HeldMailPorts, id: string) {
  const sealed = await heldContent(database, id);
  if (sealed === null) return undefined; // somebody else has it by now
  const place = { role: "held-mail", ids: [id] } as const;
  const opened = await openParcel(primitives, { to: keyring.gateway, place, sealed });
  if (opened.kind === "opened") return Buffer.from(opened.value.buffer);
  log("error", "a held mail was not sealed by this deployment; it is left alone", { name: id });
  return undefined;
}

type Opened = { readonly held: Claimed; readonly raw: Buffer; readonly mail: Mail };

type End =
  | { kind: "ended"; state: Finish["state"]; letter: Letter; relay: Finish["relay"] }
  | { kind: "later"; answer: Answer };

async function endOf(ports: HeldMailPorts, opened: Opened, organisation: Organisation): Promise<End> {
  const { held, mail } = opened;
  const about: HeldMail = { ...held, organisation: organisation.name, messageId: mail.messageId };
  switch (held.decision) {
    case null:
      return { kind: "ended", state: "returned", letter: returnedLetter(about), relay: null };
    case "refuse":
      return { kind: "ended", state: "refused", letter: refusedLetter(about, held.words), relay: null };
    case "release":
      return await release(ports, opened, { organisation, about });
  }
}

async function release(
  ports: HeldMailPorts,
  { held, raw, mail }: Opened,
  { organisation, about }: { readonly organisation: Organisation; readonly about: HeldMail },
): Promise<End> {
  const arrived: Arrived = {
    ...held.envelope,
    raw,
    sender: readPath(held.sender),
    recipients: held.recipients.map(readPath),
  };
  const thread = await findThread(ports, mail);
  const context = { ...organisation, thread: thread?.definition ?? null };
  const verdict = judgeReleased(mail, context, { policy: held.policy, release: held.release_definition });
  if (verdict.kind === "relay") {
    const relay = await relayRow(ports, arrived);
    return { kind: "ended", state: "released", letter: releasedLetter(about, "relayed"), relay };
  }
  const { sender, recipients } = held;
  const verdicts = [verdictRow("secured", verdict.because, { sender, recipients })];
  const decided = { arrived, mail, sender, verdict, organisation, verdicts, thread: thread?.id ?? null };
  const answer = await secureMail(ports, decided);
  if (answer.code === 250) {
    return { kind: "ended", state: "released", letter: releasedLetter(about, "secured"), relay: null };
  }
  if (answer.code < 500) return { kind: "later", answer };
  return { kind: "ended", state: "refused", letter: refusedLetter(about, wordsOf(answer)), relay: null };
}

async function relayRow(
  { primitives, keyring, newId, hostname, now }: HeldMailPorts,
  arrived: Arrived,
): Promise<Finish["relay"]> {
  const id = newId();
  const bytes = withTrace(traceLine(arrived, hostname, now()), stripTriggers(arrived.raw));
  const place = { role: "relay-job", ids: [id] } as const;
  return { id, content: await sealParcel(primitives, { to: keyring.gateway.publicKey, place, bytes }) };
}

function wordsOf({ text }: ReturnType<typeof refused>): string {
  return text.replace(/^\d\.\d{1,3}\.\d{1,3} /, "");
}
