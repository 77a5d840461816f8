/**
 * The sender's own choice by means of the mail program: a sensitivity label, or Outlook's "Company-Confidential".
 *
 * Both mean something only where the administrator gave them a definition.
 */
import type { Mail } from "../mail.ts";
import type { Definition } from "./definition.ts";

export type Mark = { readonly kind: "label" | "confidential"; readonly definition: Definition };

/** The mark that secures a mail; a label says more than the sensitivity does. Null for none. */
export function ownMark(
  mail: Pick<Mail, "labels" | "sensitivity">,
  organisation: {
    readonly definitions: readonly Definition[];
    readonly confidentialDefinition: Definition | null;
  },
): Mark | null {
  const labelled = organisation.definitions.find(
    ({ label }) => label !== null && mail.labels.includes(label),
  );
  if (labelled !== undefined) return { kind: "label", definition: labelled };
  const { confidentialDefinition } = organisation;
  return confidentialDefinition !== null && isConfidential(mail)
    ? { kind: "confidential", definition: confidentialDefinition }
    : null;
}

/** Whether Outlook's sensitivity is Company-Confidential. */
export function isConfidential({ sensitivity }: Pick<Mail, "sensitivity">): boolean {
  return sensitivity?.trim().toLowerCase() === "company-confidential";
}
