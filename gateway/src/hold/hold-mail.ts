/**
 * Holding one mail for review: the whole mail sealed to this gateway, a copy sealed to the reviewers, and a letter to the
 * sender, stored in one transaction. SMTP is answered only after commit.
 */
import { sealMessage } from "@sealpost/shared/crypto/message.ts";
import { type MessageKeys, makeMessageKeys } from "@sealpost/shared/crypto/message-keys.ts";
import { sealParcel } from "@sealpost/shared/crypto/parcel.ts";
import type { Mail } from "@sealpost/shared/mail.ts";
import type { Reason, Verdict } from "@sealpost/shared/policy/judge.ts";
import { withoutTag } from "@sealpost/shared/tag/tag.ts";
import { type Controls, OPEN_CONTROLS } from "@sealpost/shared/wire/controls.ts";
import { type Answer, accepted, refused, tryLater } from "../arrival/answer.ts";
import type { Arrived } from "../arrival/arrived.ts";
import { DatabaseProblem } from "../database/problem.ts";
import { type LetterRow, letterRow } from "../letter/letter.ts";
import { isInternal, type Organisation } from "../organisation/organisation.ts";
import type { VerdictRow } from "../policies/verdict-log.ts";
import { type SealedAttachments, sealAttachments, tooLarge } from "../secure/attachments.ts";
import { authorOf, bodyOf, headerOf } from "../secure/content.ts";
import { mailMac, newThreadId, reviewMac } from "../secure/mail-identity.ts";
import { findParties, type Parties, type Party } from "../secure/parties.ts";
import type { MessageRow } from "../secure/store-message.ts";
import type { SecurePorts } from "../secure/to-secure.ts";
import { heldLetter } from "./letters.ts";
import { type HeldRow, storeHeld } from "./store-held.ts";

/** What was decided about a mail. `sender` is the owner, normalised. */
export type ToHold = {
  readonly arrived: Arrived;
  readonly mail: Mail;
  readonly sender: string;
  readonly verdict: Extract<Verdict, { kind: "hold" }>;
  readonly organisation: Organisation;
  readonly verdicts: readonly VerdictRow[];
};

/** A review copy is named so: no definition can have a blank in its name. */
const reviewDefinition = "held for review";

/** Reviewers read; what they decide reaches the sender otherwise. */
const reviewControls: Controls = {
  ...OPEN_CONTROLS,
  print: false,
  reply: false,
  replyAll: false,
  watermark: true,
  onlineOnly: true,
};

/** Seals again so often when accounts are made at the same time elsewhere. */
const mostTries = 5;

/** Throws DatabaseProblem and StorageAway; nothing is held then. */
export async function holdMail(ports: SecurePorts, toHold: ToHold): Promise<Answer> {
  const large = tooLarge(toHold.mail.attachments);
  if (large !== null) return refused(552, `5.3.4 ${large} The mail was not sent.`);
  const prepared = await prepare(ports, toHold);
  const outcome = await sealAndStore(ports, toHold, prepared);
  switch (outcome.kind) {
    case "forged":
      ports.log("error", "the key of a reviewer is not the one that this deployment attested", {
        mail: toHold.arrived.id,
        name: outcome.address,
      });
      return tryLater("The keys of a reviewer cannot be trusted now; the administrators have been told");
    case "held":
      ports.onStored({ expiresAtMs: prepared.message.expiresAtMs });
      return accepted(`Held for review as ${toHold.arrived.id}, nothing was sent yet`);
    case "duplicate":
      return accepted(`Held before, now seen as ${toHold.arrived.id}`);
  }
}

type Prepared = {
  readonly held: HeldRow;
  readonly message: Omit<MessageRow, "ownerAccountId">;
  readonly keys: MessageKeys;
  readonly attachments: SealedAttachments;
  readonly letters: readonly LetterRow[];
  /** Nobody reviews their own mail. */
  readonly reviewers: readonly string[];
};

async function prepare(ports: SecurePorts, toHold: ToHold): Promise<Prepared> {
  const { mail, sender, verdict, organisation } = toHold;
  const createdAtMs = ports.now();
  const mac = mailMac(ports.keyring.macKey, { sender, mail, raw: toHold.arrived.raw });
  const held = await heldRow(ports, toHold, { mac, decideByMs: createdAtMs + organisation.reviewMs });
  const id = ports.newId();
  const keys = makeMessageKeys(ports.primitives, id);
  const reviewers = verdict.reviewers.filter((address) => address !== sender);
  const inlineBytes = organisation.inlineAttachmentBytes;
  const shown = reviewers.length > 0 ? mail.attachments : [];
  const attachments = await sealAttachments({ ...ports, inlineBytes }, keys, shown);
  const letter = heldLetter({ ...held, organisation: organisation.name, messageId: mail.messageId });
  const letters = [await letterRow(ports, letter)];
  const message = {
    id,
    ownerAddress: sender,
    ownerName: authorOf(mail, sender).name || null,
    threadId: newThreadId(ports.keyring.macKey, mac),
    mailMac: reviewMac(ports.keyring.macKey, mac, held.id),
    messageIdMac: null,
    definition: reviewDefinition,
    because: "policy",
    controls: reviewControls,
    sizeBytes: toHold.arrived.raw.length,
    createdAtMs,
    expiresAtMs: held.decideByMs,
    latestExpiryMs: held.decideByMs,
  };
  return { held, message, keys, attachments, letters, reviewers };
}

async function heldRow(
  { primitives, keyring, newId }: SecurePorts,
  { arrived, sender, verdict }: ToHold,
  { mac, decideByMs }: { readonly mac: Uint8Array; readonly decideByMs: number },
): Promise<HeldRow> {
  const id = newId();
  const place = { role: "held-mail", ids: [id] } as const;
  const content = await sealParcel(primitives, { to: keyring.gateway.publicKey, place, bytes: arrived.raw });
  return {
    ...{ id, sender, content, decideByMs, mailMac: mac },
    ...policyOf(verdict.because),
    recipients: arrived.recipients.map(({ given, address }) => address ?? given),
    releaseDefinition: verdict.release,
    envelope: { id: arrived.id, utf8: arrived.utf8, eightBit: arrived.eightBit, client: arrived.client },
  };
}

function policyOf(because: Reason): Pick<HeldRow, "policy" | "component" | "score"> {
  if (because.kind !== "policy") return { policy: because.kind, component: null, score: null };
  return { policy: because.policy, component: because.component, score: because.score };
}

async function sealAndStore(ports: SecurePorts, toHold: ToHold, prepared: Prepared) {
  const { organisation, sender, mail } = toHold;
  const parties: Party[] = [
    { address: sender, name: authorOf(mail, sender).name || null, internal: true },
    ...prepared.reviewers.map((address) => ({
      address,
      name: null,
      internal: isInternal(organisation, address),
    })),
  ];
  for (let attempt = 1; ; attempt++) {
    const found = await findParties(ports, parties, sender);
    if (found.kind === "forged") return found;
    try {
      return await store(ports, toHold, prepared, found);
    } catch (error) {
      const isMended =
        error instanceof DatabaseProblem && (error.kind === "keys-changed" || error.kind === "conflict");
      if (!isMended || attempt === mostTries) throw error;
      ports.directory.forget(parties.map(({ address }) => address));
    }
  }
}

async function store(
  { primitives, keyring, database, newId }: SecurePorts,
  { mail, sender, verdicts }: ToHold,
  { held, message, keys, attachments, letters, reviewers }: Prepared,
  { owner, mailboxes, newAccounts, newMailboxes }: Extract<Parties, { kind: "parties" }>,
) {
  const { threadId, createdAtMs, latestExpiryMs, controls } = message;
  const { deploymentId } = keyring;
  const boxes = reviewers.flatMap((address) => mailboxes.get(address) ?? []);
  const sealed = await sealMessage(primitives, keyring.signing, {
    facts: { deploymentId, ownerAccountId: owner.id, threadId, createdAtMs, latestExpiryMs, controls },
    keys,
    header: headerOf(mail, { subject: withoutTag(mail.subject), sender, nowMs: createdAtMs }),
    body: reviewers.length > 0 ? bodyOf(mail) : { v: 1, text: null, html: null, attachments: [] },
    attachments: attachments.list,
    mailboxes: boxes,
  });
  const keysOf = new Map(sealed.sealedKeys.map((sealedKeys) => [sealedKeys.mailboxId, sealedKeys]));
  const deliveries = reviewers.flatMap((address) => {
    const sealedKeys = keysOf.get(mailboxes.get(address)?.id ?? "");
    if (sealedKeys === undefined) return [];
    return [{ id: newId(), address, kind: "review", channel: "sealed", ...sealedKeys } as const];
  });
  return await storeHeld(database, held, {
    message: { ...message, ownerAccountId: owner.id },
    ...{ sealed, attachments, deliveries, letters, verdicts, relay: null, written: null },
    accounts: newAccounts,
    mailboxes: newMailboxes,
  });
}
