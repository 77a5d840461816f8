/**
 * What is different about a mail that was written in the portal, for the passage that it shares with mail that comes by SMTP.
 */

export type Written = {
  /** Its row in portal_mail, which is marked as sent in the transaction that stores the message. */
  readonly id: string;
  /** The message that it answers. */
  readonly answered: string | null;
  /** The secured thread that it is in; a new mail has no id yet, and a definition all the same: nothing leaves the portal in plain. */
  readonly thread: { readonly id: string | null; readonly definition: string };
  /** The ordinary mail for internal recipients, and its envelope sender. */
  readonly copy: { readonly raw: Buffer; readonly sender: string };
  /** Whether the writer is one of the organisation's own. */
  readonly internal: boolean;
  /** Internal recipients who have a mailbox and so see it in their portal too. */
  readonly alsoSealed: ReadonlySet<string>;
};
