/**
 * The policies in force: read again when the database says that they changed, compiled, and handed to the examiner.
 *
 * What cannot be compiled is marked on its row, and the last good set stays in force; a gateway that starts meanwhile takes
 * the last good set that any gateway had. [Note: All rules or the last good ones]
 */
import { compileRules, type RowErrors, type Rules } from "@sealpost/shared/policy/compile.ts";
import { parseRules, type RuleRows } from "@sealpost/shared/policy/rows.ts";
import type { Database } from "../database/database.ts";
import type { Examiner } from "../examine/examiner.ts";
import { causeOf, type Log } from "../log.ts";

export type CurrentRules = {
  /** Undefined until some set was read for the first time. */
  get(): Rules | undefined;
  /** Reads them where they changed. Never throws; true if what the database holds is in force. */
  refresh(): Promise<boolean>;
};

export type RulesPorts = {
  readonly database: Database;
  readonly examiner: Pick<Examiner, "use">;
  readonly log: Log;
};

const versionCall = { name: "policy_version", text: "select private.policy_version()", values: [] };
const presentCall = { name: "gateway_policies", text: "select private.gateway_policies()", values: [] };
const goodCall = { name: "good_policies", text: "select private.good_policies()", values: [] };

export function makeCurrentRules(ports: RulesPorts): CurrentRules {
  const { database, examiner, log } = ports;
  let current: Rules | undefined;
  let seen: { readonly version: number; readonly isGood: boolean } | undefined;
  let complaint: string | undefined;

  const complain = (what: string) => {
    if (complaint !== what) log("warn", "the policies could not be read, or not be used", { what });
    complaint = what;
    return false;
  };

  /** False where the examiner could not be made ready for the dictionaries. */
  const enforce = async (rules: Rules): Promise<boolean> => {
    const isExamined = rules.dictionaries.length > 0 || (current?.dictionaries.length ?? 0) > 0;
    if (isExamined && !(await examiner.use(rules.dictionaries))) return false; // starts a process
    current = rules;
    return true;
  };

  const takeGoodOnes = async () => {
    const compiled = compileRules(readRules(await database.call(goodCall)));
    if (compiled.kind === "compiled") await enforce(compiled.rules);
  };

  /** Puts a set in force; gives what is wrong with it. */
  const take = async (rows: RuleRows): Promise<RowsErrors | null> => {
    const compiled = compileRules(rows);
    if (compiled.kind === "wrong") return compiled;
    return (await enforce(compiled.rules)) ? null : unready(compiled.rules);
  };

  return {
    get: () => current,
    async refresh() {
      try {
        const version = Number(await database.call(versionCall));
        if (seen?.version === version) return seen.isGood;
        const rows = readRules(await database.call(presentCall));
        const errors = await take(rows);
        if (errors !== null && current === undefined) await takeGoodOnes();
        await mark(database, rows.version, errors ?? noErrors);
        if (errors?.kind !== "unready") seen = { version: rows.version, isGood: errors === null };
        if (errors !== null) return complain(`version ${rows.version} has errors, see its rows`);
        complaint = undefined;
        return true;
      } catch (error) {
        return complain(causeOf(error));
      }
    },
  };
}

type RowsErrors = {
  /** "unready" may pass by itself, and is tried again. */
  readonly kind: "wrong" | "unready";
  readonly policies: RowErrors;
  readonly dictionaries: RowErrors;
};

function unready({ dictionaries }: Rules): RowsErrors {
  const sentence =
    "The gateway could not be made ready for this dictionary and the others in use within its limits of time and memory: make them smaller, or try with fewer.";
  return {
    kind: "unready",
    policies: {},
    dictionaries: Object.fromEntries(dictionaries.map(({ name }) => [name, sentence])),
  };
}

const noErrors = { policies: {}, dictionaries: {} };

function readRules(answer: unknown): RuleRows {
  const read = parseRules(answer);
  if (read.kind === "malformed") throw new Error("private.gateway_policies answered in another shape");
  return read.value;
}

async function mark(
  database: Database,
  version: number,
  errors: { readonly policies: RowErrors; readonly dictionaries: RowErrors },
): Promise<void> {
  await database.call({
    name: "mark_policy_errors",
    text: "select private.mark_policy_errors($1, $2, $3)",
    values: [version, JSON.stringify(errors.policies), JSON.stringify(errors.dictionaries)],
  });
}
