/**
 * From rows to rules that can be judged by: all of them, or a sentence for each row that says how to mend it.
 *
 * A set with one wrong row is no set: the last good one stays in force, since a policy left out would let mail pass that it
 * was made to stop. [Note: All rules or the last good ones]
 */
import { normaliseAddress } from "../address.ts";
import { type Dictionary, readLines } from "../dictionary/dictionary.ts";
import { readPeople } from "./people.ts";
import type { Action, ConditionKind, Party, Policy } from "./policy.ts";
import type { DictionaryRow, PolicyRow, RuleRows } from "./rows.ts";
import { parseSourceRange } from "./source-range.ts";

export type Rules = {
  /** In their order. */
  readonly policies: readonly Policy[];
  /** Those that a policy names. */
  readonly dictionaries: readonly Dictionary[];
};

/** Sentences by the name of the row. */
export type RowErrors = Readonly<Record<string, string>>;

export type CompiledRules =
  | { kind: "compiled"; rules: Rules }
  | { kind: "wrong"; policies: RowErrors; dictionaries: RowErrors };

/** Compiles. Says everything that is wrong at once; nothing throws. */
export function compileRules(rows: RuleRows): CompiledRules {
  const groups = new Map(rows.groups.map(({ name, members }) => [name, members]));
  const named = new Set(rows.policies.map(({ dictionary }) => dictionary));
  const dictionaries = rows.dictionaries.filter(({ name }) => named.has(name)).map(readDictionaryRow);
  const readable = new Map(rows.dictionaries.map((row) => [row.name, row]));
  const problems: Problem[] = [];
  const policies = rows.policies.map((row) => {
    const report = (sentence: string) => problems.push({ name: row.name, sentence });
    return compilePolicy(row, { groups, dictionaries: readable, report });
  });
  const unreadable = dictionaries.flatMap((read) => (read.kind === "wrong" ? [read.problem] : []));
  if (problems.length > 0 || unreadable.length > 0) {
    return { kind: "wrong", policies: byName(problems), dictionaries: byName(unreadable) };
  }
  const read = dictionaries.flatMap((each) => (each.kind === "read" ? [each.dictionary] : []));
  return { kind: "compiled", rules: { policies, dictionaries: read } };
}

type Problem = { readonly name: string; readonly sentence: string };

type Desk = {
  readonly groups: ReadonlyMap<string, readonly string[]>;
  readonly dictionaries: ReadonlyMap<string, DictionaryRow>;
  readonly report: (sentence: string) => void;
};

/** Several sentences about one row follow each other. A name may be "__proto__". */
function byName(problems: readonly Problem[]): RowErrors {
  const sentences = new Map<string, string>();
  for (const { name, sentence } of problems) {
    const before = sentences.get(name);
    sentences.set(name, before === undefined ? sentence : `${before} ${sentence}`);
  }
  return Object.fromEntries(sentences);
}

function readDictionaryRow(row: DictionaryRow) {
  const read = readLines(row.name, row.lines);
  if (read.kind === "read") return read;
  const [first] = read.errors;
  const more = read.errors.length > 1 ? ` ${read.errors.length - 1} more lines are wrong.` : "";
  const sentence = `Line ${first?.number ?? 0}: ${first?.sentence ?? "cannot be read."}${more}`;
  return { kind: "wrong" as const, problem: { name: row.name, sentence } };
}

function compilePolicy(row: PolicyRow, desk: Desk): Policy {
  const { report } = desk;
  const range = row.source_range === null ? null : parseSourceRange(row.source_range);
  if (range === undefined)
    report(`source_range: "${row.source_range}" is no block of addresses such as 10.0.0.0/8.`);
  const dictionary = row.dictionary === null ? null : desk.dictionaries.get(row.dictionary);
  if (dictionary === undefined) report(`dictionary: there is no dictionary named "${row.dictionary}".`);
  return {
    name: row.name,
    dryRun: row.dry_run,
    validFromMs: row.valid_from_ms,
    validUntilMs: row.valid_until_ms,
    from: { party: compileParty("from", row.from_kind, row.from_value, desk), part: row.from_part },
    to: { party: compileParty("to", row.to_kind, row.to_value, desk), part: row.to_part },
    exceptFrom: exception("except_from", row.except_from_kind, row.except_from_value, desk),
    exceptTo: exception("except_to", row.except_to_kind, row.except_to_value, desk),
    sourceRange: range ?? null,
    activation: dictionary
      ? { dictionary: dictionary.name, score: dictionary.activation_score, scoring: dictionary.scoring }
      : null,
    conditions: conditionsOf(row),
    label: row.when_label?.toLowerCase() ?? null,
    action: actionOf(row, desk),
    tellSender: row.tell_sender,
  };
}

function conditionsOf(row: PolicyRow): ConditionKind[] {
  const asked: [boolean, ConditionKind][] = [
    [row.when_encrypted, "encrypted"],
    [row.when_unscannable, "unscannable"],
    [row.when_half_scanned, "half-scanned"],
    [row.when_confidential, "confidential"],
    [row.when_label !== null, "label"],
  ];
  return asked.flatMap(([isAsked, kind]) => (isAsked ? [kind] : []));
}

function exception(
  column: string,
  kind: PolicyRow["except_to_kind"],
  value: string | null,
  desk: Desk,
): Party | null {
  return kind === null ? null : compileParty(column, kind, value, desk);
}

function compileParty(column: string, kind: PolicyRow["to_kind"], value: string | null, desk: Desk): Party {
  switch (kind) {
    case "anybody":
    case "internal":
    case "external":
      return { kind };
    case "address":
    case "domain": {
      const isOfKind = (value ?? "").includes("@") === (kind === "address");
      if (!isOfKind) desk.report(`${column}: "${value}" is no ${kind}.`);
      return people(column, isOfKind ? [value ?? ""] : [], desk);
    }
    case "group":
      return people(column, membersOf(column, value, desk), desk);
  }
}

const NOBODY = { addresses: new Set<string>(), domains: new Set<string>(), wholeDomains: new Set<string>() };

function people(column: string, members: readonly string[], { report }: Desk): Party {
  const read = readPeople(members);
  if (read.kind === "people") return { kind: "people", people: read.people };
  report(
    `${column}: ${read.members.map((member) => `"${member}"`).join(", ")} is neither an address nor a domain.`,
  );
  return { kind: "people", people: NOBODY };
}

function membersOf(column: string, group: string | null, { groups, report }: Desk): readonly string[] {
  const members = groups.get(group ?? "");
  if (members === undefined) report(`${column}: there is no group named "${group}".`);
  return members ?? [];
}

function actionOf(row: PolicyRow, desk: Desk): Action {
  switch (row.action) {
    case "secure":
      return { kind: "secure", definition: row.definition };
    case "relay":
    case "refuse":
      return { kind: row.action };
    case "hold": {
      const members = membersOf("reviewers", row.reviewers, desk).filter((member) => member.includes("@"));
      const reviewers = members.flatMap((member) => normaliseAddress(member) ?? []);
      if (reviewers.length === 0) {
        desk.report(`reviewers: the group "${row.reviewers}" has no member that is an address.`);
      }
      return { kind: "hold", definition: row.definition, reviewers };
    }
  }
}
