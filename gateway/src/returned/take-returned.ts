/**
 * Takes what comes back to the address of a notice, from anybody, and relays none of it: a bounce marks the delivery, an
 * automatic reply is dropped, and a person who answers is told, once a day, where answers are read.
 */
import { type Answer, accepted, refused } from "../arrival/answer.ts";
import type { Arrived } from "../arrival/arrived.ts";
import type { Database } from "../database/database.ts";
import { type LetterPorts, letterRow } from "../letter/letter.ts";
import type { Log } from "../log.ts";
import type { Organisation } from "../organisation/organisation.ts";
import { type Returned, readReturned } from "./read-returned.ts";
import { returnToken } from "./return-address.ts";

export type ReturnedPorts = LetterPorts & {
  readonly database: Database;
  readonly portalUrl: string | null;
  /** Something is to be sent. */
  readonly onStored: (message: { readonly expiresAtMs: null }) => void;
  readonly log: Log;
};

/** The notices that a mail answers; none for any other mail. */
export function returnTokens(arrived: Pick<Arrived, "recipients">, noticeDomain: string): string[] {
  return arrived.recipients.flatMap(({ given }) => returnToken(given, noticeDomain) ?? []);
}

const unread =
  "5.7.1 Nobody reads answers to this address. Open the message in the portal, by the link in the notice, and answer there.";

/** `tokens` are all recipients of the mail (admission.ts lets no others in beside them). Throws DatabaseProblem. */
export async function takeReturned(
  ports: ReturnedPorts,
  arrived: Arrived,
  { tokens, organisation }: { readonly tokens: readonly string[]; readonly organisation: Organisation },
): Promise<Answer> {
  const returned = readReturned(arrived.raw, arrived.sender === null);
  if (returned.kind === "automatic") return accepted("Taken");
  const outcomes: unknown[] = [];
  for (const token of new Set(tokens)) {
    outcomes.push(await tell(ports, arrived, { returned, token, organisation }));
  }
  ports.log("info", "something came back to a notice", { mail: arrived.id, what: String(outcomes[0]) });
  if (outcomes.includes("explained")) ports.onStored({ expiresAtMs: null });
  if (outcomes.every((outcome) => outcome === "unanswered")) return refused(550, unread);
  if (outcomes.every((outcome) => outcome === "unknown")) {
    return refused(550, "5.1.1 There is no such notice: this address answers to notices only.");
  }
  return accepted("Taken");
}

type Told = {
  readonly returned: Exclude<Returned, { kind: "automatic" }>;
  readonly token: string;
  readonly organisation: Organisation;
};

async function tell(
  ports: ReturnedPorts,
  { sender }: Arrived,
  { returned, token, organisation }: Told,
): Promise<unknown> {
  const from = sender?.address ?? "";
  const isReply = returned.kind === "reply";
  const letters = isReply
    ? [await letterRow(ports, explanation(ports, { to: from, organisation, about: returned.messageId }))]
    : [];
  return await ports.database.call({
    name: "notice_returned",
    text: "select private.notice_returned($1, $2, $3, $4, $5)",
    values: [token, returned.kind, isReply ? "" : returned.detail, from, JSON.stringify(letters)],
  });
}

function explanation(
  { portalUrl }: ReturnedPorts,
  told: { readonly to: string; readonly organisation: Organisation; readonly about: string | null },
) {
  const name = told.organisation.name;
  const place = portalUrl === null ? "" : `\r\n${portalUrl.replace(/\/$/, "")}`;
  return {
    to: told.to,
    from: name,
    subject: "Your answer was not read: please answer in the portal",
    paragraphs: [
      `You answered a notice of a secure message from ${name}. The answer was not kept, and nobody has read it, because ordinary mail is not secure.`,
      `To answer, open the message by the link in the notice, or sign in to the portal, and choose Reply there.${place}`,
    ],
    about: told.about,
  };
}
