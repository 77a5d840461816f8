/**
 * The passage of one mail through the gateway: read, judged, and then relayed, secured, held or refused.
 *
 * Gives the answer for SMTP. Throws where something of ours is away; the rim (arrival/server.ts) makes that a 451.
 */
import { normaliseAddress } from "@sealpost/shared/address.ts";
import type { Mail } from "@sealpost/shared/mail.ts";
import { judge, type Verdict } from "@sealpost/shared/policy/judge.ts";
import { type Answer, refused, tryLater } from "./arrival/answer.ts";
import type { Arrived } from "./arrival/arrived.ts";
import { mostHops } from "./arrival/limits.ts";
import { holdMail } from "./hold/hold-mail.ts";
import { parseMail } from "./mime/parse-mail.ts";
import { isInternal, type Organisation } from "./organisation/organisation.ts";
import { factsOf, type RulingPorts, ruleMail } from "./policies/ruling.ts";
import { dryRunRows, logVerdicts, type VerdictRow, verdictRow } from "./policies/verdict-log.ts";
import type { Written } from "./portal-mail/written.ts";
import { type RelayPorts, relayMail } from "./relay/relay-mail.ts";
import { countHops } from "./relay/trace.ts";
import { secureMail } from "./secure/secure-mail.ts";
import { findThread } from "./secure/thread.ts";
import type { SecurePorts } from "./secure/to-secure.ts";

export type PassagePorts = RelayPorts & SecurePorts & RulingPorts;

/** One mail, from its last byte to its answer; `written` where it comes from the portal. */
export async function passMail(
  ports: PassagePorts,
  arrived: Arrived,
  organisation: Organisation,
  written: Written | null = null,
): Promise<Answer> {
  if (countHops(arrived.raw) > mostHops) {
    return refused(554, "5.4.6 This mail has passed too many mail servers and seems to go in circles.");
  }
  const sender = arrived.sender?.address;
  if (sender === undefined) return await relayMail(ports, arrived); // bounces, to internal addresses only
  const mail = parseMail(arrived.raw);
  const isInside = (address: string) => isInternal(organisation, address);
  const facts = factsOf(arrived, { mail, sender, nowMs: ports.now(), isInternal: isInside });
  const ruling = await ruleMail(ports, arrived, { mail, facts });
  if (ruling === undefined) return tryLater("The gateway is starting, or its database is away");
  const thread = written?.thread ?? (await findThread(ports, mail));
  const verdict = judge(mail, { ...organisation, ruling, thread: thread?.definition ?? null });
  const trials = dryRunRows(ruling, facts);
  const line = verdictLine[verdict.kind];
  const verdicts =
    line === null || verdict.because === null
      ? trials
      : [verdictRow(line, verdict.because, facts), ...trials];
  return await act(ports, verdict, {
    ...{ arrived, mail, sender, organisation, verdicts },
    thread: thread?.id ?? null,
    written,
  });
}

/** What is logged; a mail that is merely relayed leaves no line. */
const verdictLine = { secure: "secured", hold: "held", refuse: "refused", relay: null } as const;

type Judged = {
  readonly arrived: Arrived;
  readonly mail: Mail;
  readonly sender: string;
  readonly organisation: Organisation;
  readonly verdicts: readonly VerdictRow[];
  readonly thread: string | null;
  /** Where it was written in the portal. */
  readonly written: Written | null;
};

async function act(ports: PassagePorts, verdict: Verdict, judged: Judged): Promise<Answer> {
  const { arrived, sender } = judged;
  const author = disagreeing(judged.mail, sender, judged.organisation);
  switch (verdict.kind) {
    case "refuse":
      await logVerdicts(ports.database, judged.verdicts);
      return verdict.because.kind === "unscannable"
        ? refused(554, `5.6.0 ${verdict.tellSender}`)
        : refused(550, `5.7.1 ${verdict.tellSender}`);
    case "hold":
      if (author !== undefined) return notYourAddress(author.address, sender);
      return await holdMail(ports, { ...judged, verdict: neverPlain(verdict, judged.written) });
    case "relay":
      if (author?.internal) return notYourAddress(author.address, sender);
      await logVerdicts(ports.database, judged.verdicts);
      return await relayMail(ports, arrived);
    case "secure":
      if (author !== undefined) return notYourAddress(author.address, sender);
      return await secureMail(ports, { ...judged, verdict });
  }
}

/** Nothing leaves the portal in plain, also after a review that would let it. */
function neverPlain(verdict: Extract<Verdict, { kind: "hold" }>, written: Written | null) {
  return { ...verdict, release: verdict.release ?? written?.thread.definition ?? null };
}

/**
 * The author that From names, where it is not the sender of the envelope. [Note: Owner is who was authenticated]
 *
 * Another internal address would be an impersonation, beside the sender's own too. An external one is what forwarders and
 * lists send on: ordinary mail of that kind is relayed, but nobody owns a secure message that somebody else has written.
 */
function disagreeing(
  mail: Pick<Mail, "from">,
  sender: string,
  organisation: Organisation,
): { readonly address: string; readonly internal: boolean } | undefined {
  const authors = mail.from.map(({ address }) => authorAddress(address));
  const others = authors.filter((address) => address !== sender);
  const internal = others.find((address) => isInternal(organisation, address));
  if (internal !== undefined) return { address: internal, internal: true };
  return authors.length === 0 || authors.includes(sender)
    ? undefined
    : { address: authors[0] ?? "", internal: false };
}

/** Normalised; a dot at the end, which mail clients overlook, makes no other address. */
function authorAddress(written: string): string {
  const address = written.replace(/\.+$/, "");
  return normaliseAddress(address) ?? address.toLowerCase();
}

function notYourAddress(author: string, sender: string): Answer {
  return refused(
    550,
    `5.7.1 From says ${author}, but this mail was sent by ${sender}. Send it with your own address in From.`,
  );
}
