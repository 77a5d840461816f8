/**
 * The parts of a mail that are examined and scored by themselves.
 */

export type Component =
  /** Subject and header fields, decoded. */
  | { readonly kind: "headers"; readonly text: string }
  | { readonly kind: "body"; readonly text: string }
  /** One attachment, with the text of everything packed inside it. */
  | { readonly kind: "attachment"; readonly name: string; readonly text: string };
