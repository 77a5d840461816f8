/**
 * An explanation in words: verdict, a line for each policy, what the dictionaries found (masked), conditions, files, and the
 * text that was seen.
 */
import type { DictionaryResult } from "@sealpost/shared/dictionary/examine.ts";
import type { Score } from "@sealpost/shared/dictionary/score.ts";
import { componentName } from "@sealpost/shared/policy/facts.ts";
import type { Reason, Verdict } from "@sealpost/shared/policy/judge.ts";
import type { Meeting, Why } from "@sealpost/shared/policy/meet.ts";
import type { PolicyLine } from "@sealpost/shared/policy/rule.ts";
import type { MailExamination } from "../examine/examine-mail.ts";
import type { Explanation } from "./explain.ts";

/** The whole explanation, as lines of text. */
export function printExplanation({ verdict, facts, ruling, examined }: Explanation): string {
  const isInside = facts.isInternal(facts.sender);
  const policies = isInside
    ? ruling.lines.map((line, index) => policyLine(line, index + 1))
    : ["  The sender is outside: policies do not apply."];
  return [
    `Verdict: ${verdictText(verdict)}`,
    `From ${facts.sender} to ${facts.recipients.join(", ") || "nobody"}. Whether it answers a secured thread, which would secure it too, is not looked up here.`,
    section("Policies, in order", policies),
    section(
      "Dictionaries",
      examined.examination.dictionaries.flatMap((each) => dictionaryLines(each, examined)),
    ),
    section(
      "Conditions",
      examined.conditions.map((each) => `  ${each.kind}: ${place(examined, each.component)}: ${each.detail}`),
    ),
    section(
      "Files",
      examined.files.map(
        (file) =>
          `  ${place(examined, file.component)}: ${file.path}: ${file.type}${file.declared === "" ? "" : `, declared as ${file.declared}`}`,
      ),
    ),
    ...examined.texts.map((text, index) =>
      section(`Text of ${place(examined, index)} as it was seen`, [text]),
    ),
  ].join("\n\n");
}

function section(title: string, lines: readonly string[]): string {
  return `${title}:\n${lines.length === 0 ? "  none" : lines.join("\n")}`;
}

function place({ components }: MailExamination, index: number | null): string {
  return componentName(components, index) ?? "the mail";
}

function verdictText(verdict: Verdict): string {
  switch (verdict.kind) {
    case "relay":
      return verdict.because === null
        ? "relay, as nothing asks for anything else"
        : `relay, because of ${reason(verdict.because)}`;
    case "secure": {
      const { expiresAfterMs } = verdict.terms;
      const life = expiresAfterMs === null ? "without expiry" : `for ${expiresAfterMs / 3_600_000} hours`;
      return `secure as "${verdict.definition.name}", ${life}, because of ${reason(verdict.because)}`;
    }
    case "hold":
      return `hold for ${verdict.reviewers.join(", ")}, because of ${reason(verdict.because)}`;
    case "refuse":
      return `refuse, because of ${reason(verdict.because)}: ${verdict.tellSender}`;
  }
}

function reason(because: Reason): string {
  switch (because.kind) {
    case "policy":
      return `policy "${because.policy}"`;
    case "tag":
      return "the sender's tag";
    case "thread":
      return "its thread";
    case "label":
      return "its sensitivity label";
    case "confidential":
      return "its sensitivity Company-Confidential";
    case "bad-tag":
      return "a tag that cannot be understood";
    case "unscannable":
      return "what cannot be examined";
  }
}

function policyLine({ policy, meeting }: PolicyLine, number: number): string {
  const trial = policy.dryRun ? ", dry run" : "";
  return `  ${number}. ${policy.name} (${policy.action.kind}${trial}): ${meetingText(meeting)}`;
}

function meetingText(meeting: Meeting): string {
  switch (meeting.kind) {
    case "applies": {
      const where = meeting.component === null ? "" : `, by ${meeting.component}`;
      return `applies${where}${meeting.score === null ? "" : `, score ${meeting.score}`}`;
    }
    case "passes":
      return `does not apply: ${whyText(meeting.why)}`;
    case "asks":
      return "was not examined";
  }
}

function whyText(why: Why): string {
  switch (why.kind) {
    case "not-yet-valid":
      return "it is not valid yet";
    case "no-longer-valid":
      return "it is no longer valid";
    case "other-source":
      return "it came from another client";
    case "no-condition":
      return "none of its conditions holds";
    case "other-sender":
      return "it is about other senders";
    case "excepted-sender":
      return "its sender is an exception";
    case "other-recipients":
      return "it is about other recipients";
    case "excepted-recipients":
      return "all recipients that it means are exceptions";
    case "below-score":
      return `its dictionary scores ${why.score} of ${why.needed}`;
  }
}

function dictionaryLines(
  { name, components, summed }: DictionaryResult,
  examined: MailExamination,
): string[] {
  const scores = components.map((score, index) => ({ score, where: place(examined, index) }));
  const found = scores.filter(({ score }) => score.hits.length > 0);
  return [
    `  ${name}: ${summed.score} in all components`,
    ...found.flatMap(({ score, where }) => [
      `    ${where}: ${score.score}${withheld(score)}`,
      ...hitLines(score),
    ]),
  ];
}

function withheld({ because, withheldBy }: Score): string {
  switch (because) {
    case "counted":
    case "nothing":
      return "";
    case "excluded":
      return `, withheld by the exclude in line ${withheldBy}`;
    case "required-missing":
      return `, withheld since the required line ${withheldBy} found nothing`;
  }
}

function hitLines({ hits }: Score): string[] {
  return hits.map(
    ({ line, score, count, matches }) =>
      `      line ${line}: ${count} found, ${score} counted: ${matches.map(({ masked }) => `"${masked}"`).join(", ")}`,
  );
}
