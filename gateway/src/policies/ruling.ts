/**
 * What the policies say about one mail. It is examined only where a policy that could apply by its addresses asks for it.
 */
import { normaliseAddress } from "@sealpost/shared/address.ts";
import type { Mail, Person } from "@sealpost/shared/mail.ts";
import type { Facts, Findings } from "@sealpost/shared/policy/facts.ts";
import { isConfidential } from "@sealpost/shared/policy/mark.ts";
import type { Policy } from "@sealpost/shared/policy/policy.ts";
import { needsFindings, type Ruling, rule } from "@sealpost/shared/policy/rule.ts";
import { parseIp } from "@sealpost/shared/policy/source-range.ts";
import type { Arrived } from "../arrival/arrived.ts";
import type { MailExamination } from "../examine/examine-mail.ts";
import type { Examiner } from "../examine/examiner.ts";
import type { CurrentRules } from "./current.ts";

export type RulingPorts = {
  readonly rules: Pick<CurrentRules, "get">;
  readonly examiner: Pick<Examiner, "examine">;
  readonly now: () => number;
};

/** Policies may change while a mail is examined; more often than this in a row they do not. */
const mostTries = 5;

/** Undefined where no set of policies was ever read. Throws where policies and dictionaries do not come to agree. */
export async function ruleMail(
  { rules, examiner }: RulingPorts,
  { raw }: Pick<Arrived, "raw">,
  { mail, facts }: { readonly mail: Mail; readonly facts: Facts },
): Promise<Ruling | undefined> {
  for (let attempt = 1; attempt <= mostTries; attempt++) {
    const policies = rules.get()?.policies;
    if (policies === undefined) return undefined;
    if (!needsFindings(policies, facts)) return rule(policies, facts, null);
    const findings = findingsOf(await examiner.examine(raw, mail));
    if (answersAll(policies, findings)) return rule(policies, facts, findings);
  }
  throw new Error("the dictionaries of the policies are not those of the examiner");
}

/** What the policies look at. `sender` is the owner, normalised. */
export function factsOf(
  arrived: Pick<Arrived, "recipients" | "client">,
  known: { readonly mail: Mail } & Pick<Facts, "sender" | "nowMs" | "isInternal">,
): Facts {
  const { mail, sender, nowMs, isInternal } = known;
  return {
    sender,
    authors: addressesOf(mail.from),
    recipients: arrived.recipients.map(({ given, address }) => address ?? given.toLowerCase()),
    named: addressesOf([...mail.to, ...mail.cc]),
    source: parseIp(arrived.client.address),
    nowMs,
    confidential: isConfidential(mail),
    labels: mail.labels,
    isInternal,
  };
}

export function findingsOf({ examination, components, conditions, lost }: MailExamination): Findings {
  return { dictionaries: examination.dictionaries, components, conditions, lost };
}

function answersAll(policies: readonly Policy[], { dictionaries }: Findings): boolean {
  const known = new Set(dictionaries.map(({ name }) => name));
  return policies.every(({ activation }) => activation === null || known.has(activation.dictionary));
}

function addressesOf(people: readonly Person[]): string[] {
  return people.map(({ address }) => normaliseAddress(address) ?? address.toLowerCase());
}
