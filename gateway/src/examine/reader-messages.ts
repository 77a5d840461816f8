/**
 * What the gateway and its reader processes say to each other.
 */
import type { MailExamination } from "./examine-mail.ts";

/** A dictionary as lines of text: compiled expressions cannot be sent. */
export type DictionaryRows = {
  readonly name: string;
  readonly rows: readonly { number: number; source: string }[];
};

export type Job = {
  readonly raw: Uint8Array;
  readonly readsAttachments: boolean;
  readonly keepsTexts: boolean;
};

export type ToReader =
  | { readonly kind: "use"; readonly dictionaries: readonly DictionaryRows[] }
  | { readonly kind: "examine"; readonly job: Job };

export type FromReader =
  /** How long the trial text took, the best of three. */
  | { readonly kind: "ready"; readonly trialMs: number }
  | { readonly kind: "examined"; readonly result: MailExamination };
