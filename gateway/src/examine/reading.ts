/**
 * The state of reading one attachment: the text so far, what was found, and what is left of the budgets.
 */
import type { FileType } from "./file-type.ts";
import { ATTACHMENT_TEXT_MAX, FILES_MAX, UNPACKED_BYTES_MAX } from "./limits.ts";

export type ConditionKind = "encrypted" | "unscannable" | "half-scanned";

/** Why some of a mail is not known. `detail` is a sentence without content of the mail. */
export type Condition = {
  readonly kind: ConditionKind;
  /** The component it is about; null: the whole mail. */
  readonly component: number | null;
  readonly detail: string;
};

/** A file as found, by content. `path` joins the names of archives and files by slashes. */
export type FileFound = {
  readonly component: number;
  readonly path: string;
  readonly type: FileType;
  /** What the mail declared it to be; empty inside archives. */
  readonly declared: string;
};

/** Budgets that all attachments of one mail share. */
export type Budget = {
  readonly now: () => number;
  readonly deadline: number;
  bytesLeft: number;
  filesLeft: number;
};

/** A fresh budget. */
export function makeBudget(now: () => number, limitMs: number): Budget {
  return { now, deadline: now() + limitMs, bytesLeft: UNPACKED_BYTES_MAX, filesLeft: FILES_MAX };
}

/** Conditions of one attachment beyond this repeat the first ones. */
const CONDITIONS_MAX = 20;

export class Reading {
  readonly conditions: Condition[] = [];
  readonly files: FileFound[] = [];
  readonly budget: Budget;
  readonly #component: number;
  readonly #pieces: string[] = [];
  #length = 0;

  constructor(component: number, budget: Budget) {
    this.#component = component;
    this.budget = budget;
  }

  /** Adds text as lines of its own. Returns false when there is no room for more. */
  write(text: string): boolean {
    const room = ATTACHMENT_TEXT_MAX - this.#length;
    if (text.length > room)
      this.note("half-scanned", "The text of an attachment is longer than is examined.");
    const piece = text.length > room ? text.slice(0, room) : text;
    if (piece.length > 0) this.#pieces.push(piece);
    this.#length += piece.length + 1;
    return text.length <= room;
  }

  note(kind: ConditionKind, detail: string): void {
    const known = this.conditions.some((condition) => condition.kind === kind && condition.detail === detail);
    if (known || this.conditions.length >= CONDITIONS_MAX) return;
    this.conditions.push({ kind, component: this.#component, detail });
  }

  /** Takes a file into the list; false when there are too many, or time is over. */
  enter(path: string, type: FileType, declared: string): boolean {
    if (this.budget.filesLeft <= 0) {
      this.note("half-scanned", "The mail holds more files than are examined.");
      return false;
    }
    if (this.isLate()) return false;
    this.budget.filesLeft--;
    this.files.push({ component: this.#component, path, type, declared });
    return true;
  }

  /** Whether the time for this mail is over; notes it. */
  isLate(): boolean {
    if (this.budget.now() <= this.budget.deadline) return false;
    this.note("half-scanned", "Reading the attachments took longer than is allowed.");
    return true;
  }

  get text(): string {
    return this.#pieces.join("\n");
  }

  get hasText(): boolean {
    return this.#length > 0;
  }
}
