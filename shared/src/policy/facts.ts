/**
 * What policies look at: the facts of a mail that are known at once, and the findings that its examination gives.
 */
import type { Component } from "../dictionary/component.ts";
import type { DictionaryResult } from "../dictionary/examine.ts";
import type { IpAddress } from "./source-range.ts";

/** Addresses are normalised. */
export type Facts = {
  /** The sender of the envelope. */
  readonly sender: string;
  /** Who From names. */
  readonly authors: readonly string[];
  /** The recipients of the envelope. */
  readonly recipients: readonly string[];
  /** Whom To and Cc name. */
  readonly named: readonly string[];
  /** The address of the client that brought the mail; undefined where it is not known. */
  readonly source: IpAddress | undefined;
  readonly nowMs: number;
  /** Outlook's sensitivity is Company-Confidential. */
  readonly confidential: boolean;
  /** Ids of sensitivity labels, in lower case. */
  readonly labels: readonly string[];
  readonly isInternal: (address: string) => boolean;
};

export type Findings = {
  readonly dictionaries: readonly DictionaryResult[];
  /** Headers, body, then each attachment. */
  readonly components: readonly { readonly kind: Component["kind"] }[];
  readonly conditions: readonly {
    readonly kind: "encrypted" | "unscannable" | "half-scanned";
    readonly component: number | null;
  }[];
  /** The examination was broken off: what was not found may be there all the same. */
  readonly lost: boolean;
};

/** How the log names a component: never by the name of a file, which is content. */
export function componentName(components: Findings["components"], index: number | null): string | null {
  if (index === null) return null;
  switch (components[index]?.kind) {
    case "headers":
      return "subject and headers";
    case "body":
      return "body";
    case "attachment": {
      const before = components.slice(0, index).filter(({ kind }) => kind === "attachment").length;
      return `attachment ${before + 1}`;
    }
    case undefined:
      return null;
  }
}
