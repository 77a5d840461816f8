/**
 * The secured thread that a mail answers, known by the HMACs of Message-IDs.
 */
import { isUuid } from "@sealpost/shared/bytes.ts";
import type { Mail } from "@sealpost/shared/mail.ts";
import type { Database } from "../database/database.ts";
import type { Keyring } from "../keys/deployment.ts";
import { messageIdMac } from "./mail-identity.ts";

/** More ids than this name no thread that a person follows. */
const mostReferences = 1_000;

export type Thread = { readonly id: string; readonly definition: string };

/** The newest where there are several. Throws DatabaseProblem. */
export async function findThread(
  { database, keyring }: { readonly database: Database; readonly keyring: Keyring },
  mail: Pick<Mail, "inReplyTo" | "references">,
): Promise<Thread | undefined> {
  const ids = new Set([...mail.inReplyTo, ...mail.references.slice(-mostReferences)]);
  if (ids.size === 0) return undefined;
  const macs = [...ids].map((id) => messageIdMac(keyring.macKey, id));
  const call = { name: "find_threads", text: "select private.find_threads($1)", values: [macs] };
  return firstThread(await database.call(call));
}

function firstThread(answer: unknown): Thread | undefined {
  const [first] = Array.isArray(answer) ? answer : [];
  if (typeof first !== "object" || first === null) return undefined;
  const { thread_id: id, definition } = first as Record<string, unknown>;
  return typeof id === "string" && isUuid(id) && typeof definition === "string"
    ? { id, definition }
    : undefined;
}
