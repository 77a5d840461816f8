/**
 * A mail for tests, with only what a test is about.
 */
import type { Mail } from "../../mail.ts";

export function mail(changes: Partial<Mail>): Mail {
  return {
    subject: "Results",
    ...{ from: [], sender: null, replyTo: [], to: [], cc: [], date: null },
    ...{ messageId: null, inReplyTo: [], references: [] },
    ...{ trigger: null, sensitivity: null, labels: [] },
    ...{ text: null, html: null, attachments: [], problems: [] },
    ...changes,
  };
}
