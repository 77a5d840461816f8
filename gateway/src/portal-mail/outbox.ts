/**
 * The outbox as the database keeps it: claiming portal mail, learning whom its writer may write to, and saying what became of it.
 */
import { fromB64, isUuid } from "@sealpost/shared/bytes.ts";
import { type Controls, parseControls } from "@sealpost/shared/wire/controls.ts";
import { claim, list, nullable, record, type Shape, text, whole } from "@sealpost/shared/wire/shape.ts";
import type { Database } from "../database/database.ts";

/** A portal mail that this gateway has for the time of its lease. */
export type Claimed = {
  readonly id: string;
  readonly key_version: number;
  /** This one included. */
  readonly attempts: number;
  readonly created_at_ms: number;
  readonly account_id: string;
  readonly address: string;
  readonly name: string | null;
  /** The account may still send. */
  readonly active: boolean;
};

/** What is known of the message that is answered; addresses are normalised. */
export type AnsweredRow = {
  readonly thread_id: string;
  readonly definition: string;
  readonly owner: string;
  readonly message_id_mac: string | null;
  readonly controls: Controls;
  readonly ended: boolean;
  readonly people: readonly string[];
};

export type Facts = { readonly answered: AnsweredRow | null; readonly correspondents: readonly string[] };

const id = text(36);
const address = text(1_000);

const claims = list(
  record<Claimed>({
    id,
    key_version: whole(1, 2_147_483_647),
    attempts: whole(1, 2_147_483_647),
    created_at_ms: whole(0, Number.MAX_SAFE_INTEGER),
    account_id: id,
    address,
    name: nullable(text(1_000)),
    active: claim,
  }),
  1_000,
);

const factsShape: Shape<Facts> = record<Facts>({
  answered: nullable(
    record<AnsweredRow>({
      thread_id: id,
      definition: text(100),
      owner: address,
      message_id_mac: nullable(text(100)),
      controls: (value) => parseControls(value),
      ended: claim,
      people: list(address, 1_000),
    }),
  ),
  correspondents: list(address, 1_000),
});

export async function claimMails(
  database: Database,
  { most, leaseSeconds }: { readonly most: number; readonly leaseSeconds: number },
): Promise<readonly Claimed[]> {
  const answer = await database.call({
    name: "claim_portal_mail",
    text: "select private.claim_portal_mail($1, $2)",
    values: [most, leaseSeconds],
  });
  const read = claims(answer, "claims");
  if (read.kind === "malformed") throw new Error(`the database answered in another shape: ${read.what}`);
  return read.value.filter((claimed) => isUuid(claimed.id) && isUuid(claimed.account_id));
}

/** The sealed mail; null where another gateway has it by now. */
export async function parcelOf(database: Database, mailId: string): Promise<Buffer | null> {
  return await database.callBytes({
    name: "portal_mail_parcel",
    text: "select private.portal_mail_parcel($1)",
    values: [mailId],
  });
}

/** Of these addresses: who is in the thread, and who has written to the writer; and the message that is answered. */
export async function factsOf(
  database: Database,
  asked: {
    readonly id: string;
    readonly answered: string | null;
    readonly addresses: readonly string[];
  },
): Promise<Facts> {
  const answer = await database.call({
    name: "portal_mail_facts",
    text: "select private.portal_mail_facts($1, $2, $3)",
    values: [asked.id, asked.answered, asked.addresses],
  });
  const read = factsShape(answer, "facts");
  if (read.kind === "malformed") throw new Error(`the database answered in another shape: ${read.what}`);
  return read.value;
}

/** The MAC of the answered mail's Message-ID, where it had one. */
export function macOf({ message_id_mac: mac }: AnsweredRow): Uint8Array | undefined {
  return mac === null ? undefined : fromB64(mac);
}

/** Ends it, unless it has ended, with a sentence for its writer. */
export async function refuseMail(database: Database, mailId: string, error: string): Promise<void> {
  await database.call({
    name: "refuse_portal_mail",
    text: "select private.refuse_portal_mail($1, $2)",
    values: [mailId, error],
  });
}

/** Ends it, unless it was stored: a policy holds it, and what becomes of it is known by its MAC. */
export async function holdMail(database: Database, mailId: string, mac: Buffer): Promise<void> {
  await database.call({
    name: "hold_portal_mail",
    text: "select private.hold_portal_mail($1, $2)",
    values: [mailId, mac],
  });
}

export async function retryMail(
  database: Database,
  mailId: string,
  { what, seconds }: { readonly what: string; readonly seconds: number },
): Promise<void> {
  await database.call({
    name: "retry_portal_mail",
    text: "select private.retry_portal_mail($1, $2, $3)",
    values: [mailId, what, seconds],
  });
}
