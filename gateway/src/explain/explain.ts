/**
 * Explaining one mail: judged and examined as the gateway would, with everything kept that led to the verdict.
 *
 * Only the secured thread that a mail may answer is not looked up.
 */
import { domainOf, normaliseAddress } from "@sealpost/shared/address.ts";
import type { Mail, Person } from "@sealpost/shared/mail.ts";
import type { Definition } from "@sealpost/shared/policy/definition.ts";
import type { Facts } from "@sealpost/shared/policy/facts.ts";
import { judge, type Verdict } from "@sealpost/shared/policy/judge.ts";
import { type Ruling, rule } from "@sealpost/shared/policy/rule.ts";
import { OPEN_CONTROLS } from "@sealpost/shared/wire/controls.ts";
import { readPath } from "../arrival/arrived.ts";
import type { MailExamination } from "../examine/examine-mail.ts";
import { createExaminer } from "../examine/examiner.ts";
import { parseMail } from "../mime/parse-mail.ts";
import { isInternal, type Organisation } from "../organisation/organisation.ts";
import { factsOf, findingsOf } from "../policies/ruling.ts";
import type { Arguments } from "./arguments.ts";
import type { Present } from "./present.ts";

export type Explanation = {
  readonly verdict: Verdict;
  readonly facts: Facts;
  readonly ruling: Ruling;
  readonly examined: MailExamination;
};

/** Throws where the examination's processes cannot be started. */
export async function explainMail(
  raw: Buffer,
  args: Pick<Arguments, "from" | "to" | "source" | "atMs">,
  present: Present,
): Promise<Explanation> {
  const mail = parseMail(raw);
  const sender = args.from ?? addressesOf(mail.from)[0] ?? "nobody@unknown.invalid";
  const organisation = present.organisation ?? assumed(domainOf(sender));
  const facts = factsOf(
    {
      recipients: recipientsOf(args.to, mail).map(readPath),
      client: { address: args.source, helo: "explain", protocol: "ESMTP" },
    },
    { mail, sender, nowMs: args.atMs, isInternal: (address) => isInternal(organisation, address) },
  );
  const examined = await examineFully(raw, mail, present);
  const { policies } = present.rules;
  const ruling = rule(policies, facts, findingsOf(examined));
  return { verdict: judge(mail, { ...organisation, ruling, thread: null }), facts, ruling, examined };
}

async function examineFully(raw: Buffer, mail: Mail, { rules }: Present): Promise<MailExamination> {
  const examiner = createExaminer({ now: () => performance.now(), readers: 1, onReaderEnded: () => {} });
  try {
    await examiner.use(rules.dictionaries);
    return await examiner.explain(raw, mail);
  } finally {
    await examiner.close();
  }
}

function recipientsOf(given: readonly string[], mail: Mail): readonly string[] {
  return given.length > 0 ? given : addressesOf([...mail.to, ...mail.cc]);
}

function addressesOf(people: readonly Person[]): string[] {
  return people.flatMap(({ address }) => normaliseAddress(address) ?? []);
}

/** An organisation of the sender's domain, with nothing set up. */
function assumed(domain: string): Organisation {
  const defaultDefinition: Definition = {
    name: "default",
    controls: OPEN_CONTROLS,
    expiresAfterMs: null,
    ...{ sealsForEverybody: false, tellsSender: false, label: null },
  };
  return {
    name: domain,
    domains: new Set([domain]),
    definitions: [defaultDefinition],
    defaultDefinition,
    ...{ confidentialDefinition: null, reviewMs: 0, maximumLifeMs: null, inlineAttachmentBytes: 0 },
  };
}
