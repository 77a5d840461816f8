/**
 * Held mails in the database: held, claimed once decided, and finished, each in one statement.
 */
import { isUuid } from "@sealpost/shared/bytes.ts";
import { claim, exactly, list, nullable, record, text, whole } from "@sealpost/shared/wire/shape.ts";
import type { Arrived } from "../arrival/arrived.ts";
import type { Database } from "../database/database.ts";
import type { LetterRow } from "../letter/letter.ts";
import { asBuffer, type Storing, storingJson } from "../secure/store-message.ts";

/** How a mail arrived, in the clear. */
export type HeldEnvelope = Pick<Arrived, "id" | "utf8" | "eightBit" | "client">;

export type HeldRow = {
  readonly id: string;
  readonly mailMac: Uint8Array;
  readonly sender: string;
  readonly recipients: readonly string[];
  readonly policy: string;
  readonly component: string | null;
  readonly score: number | null;
  readonly releaseDefinition: string | null;
  readonly envelope: HeldEnvelope;
  /** The mail, sealed to the gateway. */
  readonly content: Uint8Array;
  readonly decideByMs: number;
};

/** Resolves after commit. Throws DatabaseProblem; "keys-changed" asks to seal again. */
export async function storeHeld(
  database: Database,
  held: HeldRow,
  review: Storing,
): Promise<{ kind: "held" | "duplicate" }> {
  const row = {
    id: held.id,
    mail_mac: asBuffer(held.mailMac).toString("base64"),
    sender: held.sender,
    recipients: held.recipients,
    policy: held.policy,
    component: held.component,
    score: held.score,
    release_definition: held.releaseDefinition,
    envelope: held.envelope,
    decide_by_ms: held.decideByMs,
  };
  const answer = await database.call({
    name: "hold_mail",
    text: "select private.hold_mail($1, $2, $3, $4, $5)",
    values: [
      JSON.stringify({ ...storingJson(review), held: row }),
      asBuffer(held.content),
      asBuffer(review.sealed.header),
      asBuffer(review.sealed.body),
      review.attachments.inline,
    ],
  });
  const kind = typeof answer === "object" && answer !== null && "kind" in answer ? answer.kind : undefined;
  if (kind === "held" || kind === "duplicate") return { kind };
  throw new Error("private.hold_mail answered in another shape");
}

/** A held mail that is decided; `decision` is null where its time is up. */
export type Claimed = {
  readonly id: string;
  readonly sender: string;
  readonly recipients: readonly string[];
  readonly policy: string;
  readonly release_definition: string | null;
  readonly envelope: HeldEnvelope;
  readonly decision: "release" | "refuse" | null;
  readonly words: string | null;
  readonly attempts: number;
};

const claimedRows = list(
  record<Claimed>({
    id: text(36),
    sender: text(1_000),
    recipients: list(text(1_000), 10_000),
    policy: text(200),
    release_definition: nullable(text(200)),
    envelope: record<HeldEnvelope>({
      id: text(200),
      utf8: claim,
      eightBit: claim,
      client: record<HeldEnvelope["client"]>({
        address: text(100),
        helo: text(1_000),
        protocol: text(100),
      }),
    }),
    decision: nullable((value, path) =>
      value === "release" ? exactly("release")(value, path) : exactly("refuse")(value, path),
    ),
    words: nullable(text(1_000)),
    attempts: whole(0, 1_000_000),
  }),
  1_000,
);

/** Claims some for a lease. Throws DatabaseProblem. */
export async function claimHeld(
  database: Database,
  most: number,
  leaseSeconds: number,
): Promise<readonly Claimed[]> {
  const answer = await database.call({
    name: "claim_held_mails",
    text: "select private.claim_held_mails($1, $2)",
    values: [most, leaseSeconds],
  });
  const read = claimedRows(answer, "held");
  if (read.kind === "malformed") throw new Error("private.claim_held_mails answered in another shape");
  return read.value.filter(({ id }) => isUuid(id));
}

export async function heldContent(database: Database, id: string): Promise<Buffer | null> {
  return await database.callBytes({
    name: "held_content",
    text: "select private.held_content($1)",
    values: [id],
  });
}

export type Finish = {
  readonly id: string;
  readonly state: "released" | "refused" | "returned";
  readonly letters: readonly LetterRow[];
  /** What goes out as ordinary mail, sealed to the gateway. */
  readonly relay: { readonly id: string; readonly content: Uint8Array } | null;
};

/** Ends a held mail with everything that follows from it; false where it had ended before. */
export async function finishHeld(
  database: Database,
  { id, state, letters, relay }: Finish,
): Promise<boolean> {
  const answer = await database.call({
    name: "finish_held_mail",
    text: "select private.finish_held_mail($1, $2)",
    values: [
      JSON.stringify({ id, state, letters, relay: relay && { id: relay.id } }),
      relay && asBuffer(relay.content),
    ],
  });
  return answer === true;
}

export async function retryHeld(
  database: Database,
  id: string,
  { error, seconds }: { readonly error: string; readonly seconds: number },
): Promise<void> {
  await database.call({
    name: "retry_held_mail",
    text: "select private.retry_held_mail($1, $2, $3)",
    values: [id, error, seconds],
  });
}
