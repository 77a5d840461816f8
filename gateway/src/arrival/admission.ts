/**
 * Admission: who may send what through this gateway, and how much of it.
 *
 * As Postfix does (smtpd_delay_reject), a sender is judged when a recipient is named, because one kind of recipient takes
 * mail from anybody: the address that notices are returned to. Never an open relay: everything else is sent by people of
 * the organisation, from a trusted network or signed in.
 */
import type { SMTPServerSession } from "smtp-server";
import type { Entrance } from "../config/entrance.ts";
import { type Credential, maySendAs } from "../credentials/credential.ts";
import { isInternal, type Organisation } from "../organisation/organisation.ts";
import { returnToken } from "../returned/return-address.ts";
import { type Answer, refused, tooMuch, tryLater } from "./answer.ts";
import { readPath } from "./arrived.ts";
import { largestMail, largestReturned } from "./limits.ts";
import { makeRate } from "./rate.ts";

export type AdmissionPorts = {
  readonly entrance: Pick<Entrance, "trusted" | "limits">;
  readonly organisation: () => Organisation | undefined;
  readonly noticeDomain: string;
  readonly now: () => number;
};

/** Null where it may go on. */
export type Admission = {
  /** `others` are the connections of the same client. */
  connection(clientAddress: string, others: number): Answer | null;
  isTrusted(clientAddress: string): boolean;
  mail(session: SMTPServerSession): Answer | null;
  recipient(session: SMTPServerSession, text: string): Answer | null;
  /** Bytes that the mail of this envelope may have. */
  mostBytes(session: SMTPServerSession): number;
};

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

export function makeAdmission(ports: AdmissionPorts): Admission {
  const { trusted, limits } = ports.entrance;
  const { now, noticeDomain } = ports;
  const mails = makeRate({ most: limits.mailsAMinute, windowMs: minuteMs, now });
  const recipients = makeRate({ most: limits.recipientsAnHour, windowMs: hourMs, now });
  const isTrusted = (address: string) => trusted.contains(address);
  return {
    isTrusted,
    connection: (client, others) =>
      isTrusted(client) || others < limits.connections
        ? null
        : tooMuch(421, "4.7.0 Too many connections from your address, try again in a moment"),
    mail({ remoteAddress }) {
      if (ports.organisation() === undefined) return away();
      return isTrusted(remoteAddress) || mails.take(remoteAddress)
        ? null
        : tooMuch(450, "4.7.1 Too many mails from your address in a minute, try again in a minute");
    },
    recipient(session, text) {
      const organisation = ports.organisation();
      if (organisation === undefined) return away();
      const others = session.envelope.rcptTo.map(({ address }) => returnToken(address, noticeDomain));
      const isReturn = returnToken(text, noticeDomain) !== undefined;
      if (others.length > 0 && (others[0] !== undefined) !== isReturn) {
        return tooMuch(452, "4.5.3 What answers a notice travels alone: send this recipient in another mail");
      }
      if (isReturn) return null;
      const client = isTrusted(session.remoteAddress);
      const problem = judgeSender(session, readPath(text).address, { organisation, isTrusted: client });
      if (problem !== null || client) return problem;
      return recipients.take(senderOf(session))
        ? null
        : tooMuch(452, "4.5.3 Too many recipients of one sender in an hour, try again later");
    },
    mostBytes: ({ envelope }) =>
      envelope.rcptTo.some(({ address }) => returnToken(address, noticeDomain) !== undefined)
        ? largestReturned
        : largestMail,
  };
}

function away(): Answer {
  return tryLater("The gateway is starting, or its database is away");
}

/** Empty for the null sender. */
function senderOf({ envelope }: SMTPServerSession): string {
  return envelope.mailFrom === false ? "" : envelope.mailFrom.address;
}

/** What sign-in.ts left there; smtp-server has other values for "nobody". */
function credentialOf({ user }: SMTPServerSession): Credential | undefined {
  return user || undefined;
}

function judgeSender(
  session: SMTPServerSession,
  recipient: string | undefined,
  { organisation, isTrusted }: { readonly organisation: Organisation; readonly isTrusted: boolean },
): Answer | null {
  const credential = credentialOf(session);
  if (credential === undefined && !isTrusted) {
    return refused(
      530,
      "5.7.0 Sign in first: this gateway takes mail from the organisation's own people only.",
    );
  }
  if (senderOf(session) === "") {
    if (recipient !== undefined && isInternal(organisation, recipient)) return null;
    return refused(550, "5.7.1 Bounces are taken for the organisation's own addresses only.");
  }
  const { address } = readPath(senderOf(session));
  if (credential !== undefined && (address === undefined || !maySendAs(credential, address))) {
    return refused(
      553,
      "5.7.1 That sender is not one of yours: send with an address that belongs to your sign-in.",
    );
  }
  if (address !== undefined && isInternal(organisation, address)) return null;
  return refused(
    550,
    "5.7.1 This gateway takes mail from the organisation's own addresses only, and yours is not one.",
  );
}
