/**
 * What a sender is told when a definition says so: that the mail was secured, why, and where to track it.
 */
import type { Mail } from "@sealpost/shared/mail.ts";
import type { Verdict } from "@sealpost/shared/policy/judge.ts";
import type { Letter } from "./letter.ts";

type Secured = Extract<Verdict, { kind: "secure" }>;

/** The letter. `delivery` is the sender's own copy, `portalUrl` null where the gateway was not told it. */
export function securedLetter(
  told: { readonly organisation: string; readonly portalUrl: string | null; readonly delivery: string },
  {
    mail,
    sender,
    verdict,
    expiresAtMs,
  }: {
    readonly mail: Pick<Mail, "messageId">;
    readonly sender: string;
    readonly verdict: Secured;
    readonly expiresAtMs: number | null;
  },
): Letter {
  // where nobody inside gets it in plain, its subject is not told in plain either
  const subject = verdict.definition.sealsForEverybody ? "" : verdict.subject.slice(0, longestSubject);
  const end =
    expiresAtMs === null
      ? "It does not expire."
      : `It can be read until ${new Date(expiresAtMs).toISOString().slice(0, 16).replace("T", " ")} UTC.`;
  const place =
    told.portalUrl === null
      ? "Who has opened it is shown in the portal, in Sent."
      : `Who has opened it is shown here:\r\n${told.portalUrl.replace(/\/$/, "")}/m/${told.delivery}`;
  return {
    to: sender,
    from: told.organisation,
    subject: subject === "" ? "Your mail was secured" : `Secured: ${subject}`,
    paragraphs: [
      `Your mail was secured: its recipients outside ${told.organisation} read it in the portal, after signing in. ${why(verdict)}`,
      `${end} Definition: ${verdict.definition.name}.`,
      place,
    ],
    about: mail.messageId,
  };
}

const longestSubject = 200;

function why({ because }: Secured): string {
  switch (because.kind) {
    case "policy": {
      const where = because.component === null ? "" : `, because of its ${because.component}`;
      return `The rule "${because.policy}" asks for that${where}.`;
    }
    case "thread":
      return "It answers a secured message.";
    case "label":
      return "Its sensitivity label asks for that.";
    case "confidential":
      return "You marked it as confidential.";
    case "tag":
    case "bad-tag":
    case "unscannable":
      return "You asked for that.";
  }
}
