/**
 * What the mail parser could not read, as conditions of examination.
 */
import type { Problem } from "@sealpost/shared/mail.ts";
import type { ConditionKind } from "./reading.ts";

/** Notes each problem of a mail under the condition that policies know. */
export function noteProblems(
  problems: readonly Problem[],
  notes: { note: (kind: ConditionKind, detail: string) => void },
): void {
  for (const problem of problems) notes.note(conditionOf(problem), problem.detail);
}

function conditionOf({ kind }: Problem): ConditionKind {
  switch (kind) {
    case "encrypted":
      return "encrypted";
    case "too-many-headers":
    case "too-many-parts":
    case "too-deep":
    case "damaged-structure":
    case "damaged-encoding":
    case "half-read":
      return "half-scanned";
    case "unknown-charset":
    case "damaged-winmail":
      return "unscannable";
  }
}
