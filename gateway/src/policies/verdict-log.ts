/**
 * The log of verdicts: which policy decided about a mail, where, with which score; never the words.
 */
import type { Reason } from "@sealpost/shared/policy/judge.ts";
import type { Applied, Ruling } from "@sealpost/shared/policy/rule.ts";
import type { Database } from "../database/database.ts";

/** A row for `private.add_verdicts`. */
export type VerdictRow = {
  readonly verdict: "secured" | "held" | "refused" | "relayed";
  readonly dry_run: boolean;
  readonly because: Reason["kind"];
  readonly policy: string | null;
  readonly component: string | null;
  readonly score: number | null;
  readonly sender: string;
  readonly recipients: readonly string[];
};

/** Whose mail. Addresses are normalised where they can be. */
export type Parties = { readonly sender: string; readonly recipients: readonly string[] };

const verdictOf = { secure: "secured", hold: "held", refuse: "refused", relay: "relayed" } as const;

/** The line of the verdict itself. */
export function verdictRow(verdict: VerdictRow["verdict"], because: Reason, parties: Parties): VerdictRow {
  const { policy, component, score } =
    because.kind === "policy" ? because : { policy: null, component: null, score: null };
  return { verdict, dry_run: false, because: because.kind, policy, component, score, ...partiesOf(parties) };
}

/** A line for each policy on trial that would have done something. */
export function dryRunRows({ dryRuns }: Pick<Ruling, "dryRuns">, parties: Parties): VerdictRow[] {
  return dryRuns.map(
    ({ policy, component, score }: Applied): VerdictRow => ({
      verdict: verdictOf[policy.action.kind],
      dry_run: true,
      because: "policy",
      policy: policy.name,
      component,
      score,
      ...partiesOf(parties),
    }),
  );
}

/** Logs verdicts of mail that is not stored. Throws DatabaseProblem: the mail has to come again, so that none is missing. */
export async function logVerdicts(database: Database, rows: readonly VerdictRow[]): Promise<void> {
  if (rows.length === 0) return;
  await database.call({
    name: "add_verdicts",
    text: "select private.add_verdicts($1, null)",
    values: [JSON.stringify(rows)],
  });
}

function partiesOf({ sender, recipients }: Parties): Parties {
  return { sender, recipients };
}
