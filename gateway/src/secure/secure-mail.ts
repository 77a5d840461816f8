/**
 * Securing one mail: sealed to its recipients and its sender, stored in one transaction, the ordinary copies for internal
 * recipients queued in the same one. SMTP is answered only after commit.
 */
import { sealMessage } from "@sealpost/shared/crypto/message.ts";
import { type MessageKeys, makeMessageKeys } from "@sealpost/shared/crypto/message-keys.ts";
import { type Answer, accepted, refused, tryLater } from "../arrival/answer.ts";
import { DatabaseProblem } from "../database/problem.ts";
import type { LetterRow } from "../letter/letter.ts";
import { isInternal } from "../organisation/organisation.ts";
import { type SealedAttachments, sealAttachments, tooLarge } from "./attachments.ts";
import { authorOf, bodyOf, headerOf } from "./content.ts";
import { lifeOf } from "./life.ts";
import { mailMac, messageIdMac, newThreadId } from "./mail-identity.ts";
import { lettersOf, relayCopy } from "./ordinary-mail.ts";
import { findParties, type Parties, type Party } from "./parties.ts";
import { type Recipient, splitRecipients } from "./recipients.ts";
import {
  type DeliveryRow,
  type MessageRow,
  type RelayRow,
  type SealedDeliveryRow,
  type Stored,
  storeMessage,
} from "./store-message.ts";
import type { SecurePorts, ToSecure } from "./to-secure.ts";

/** Seals again so often when accounts are made at the same time elsewhere. */
const mostTries = 5;

/** Throws DatabaseProblem and StorageAway; nothing is stored then, or the retry meets it. */
export async function secureMail(ports: SecurePorts, decided: ToSecure): Promise<Answer> {
  const { mail, organisation, verdict, arrived } = decided;
  const createdAtMs = ports.now();
  const { expiresAfterMs } = verdict.terms;
  const life = lifeOf(
    { expiresAfterMs, definition: verdict.definition },
    organisation.maximumLifeMs,
    createdAtMs,
  );
  if (life.kind === "too-long") return refused(550, `5.7.1 ${life.tellSender}`);
  const large = tooLarge(mail.attachments);
  if (large !== null) return refused(552, `5.3.4 ${large} The mail was not sent.`);
  const split = splitRecipients(arrived.recipients, mail, {
    isInternal: (address) => isInternal(organisation, address),
    sealsForEverybody: verdict.definition.sealsForEverybody,
  });
  if (split.kind === "no-mailbox")
    return refused(550, `5.1.3 ${split.given} cannot receive a secure message. The mail was not sent.`);

  const message = describe(ports, decided, { ...life, createdAtMs });
  const keys = makeMessageKeys(ports.primitives, message.id);
  const inlineBytes = organisation.inlineAttachmentBytes;
  const attachments = await sealAttachments({ ...ports, inlineBytes }, keys, mail.attachments);
  const relay = await relayCopy(ports, decided, split.recipients);
  const ownDelivery = ports.newId();
  const letters = await lettersOf(ports, decided, { delivery: ownDelivery, ...life });
  const { recipients } = split;
  const prepared = { message, keys, attachments, relay, recipients, ownDelivery, letters };
  const outcome = await sealAndStore(ports, decided, prepared);
  switch (outcome.kind) {
    case "forged":
      return tryLater("The keys of a recipient cannot be trusted now; the administrators have been told");
    case "stored":
      ports.onStored(message);
      return accepted(`Secured and stored as ${arrived.id}`);
    case "duplicate":
      return accepted(`Secured and stored before, now seen as ${arrived.id}`);
  }
}

type Described = Omit<MessageRow, "ownerAccountId">;
type Prepared = {
  readonly message: Described;
  readonly keys: MessageKeys;
  readonly attachments: SealedAttachments;
  readonly relay: RelayRow | null;
  readonly recipients: readonly Recipient[];
  /** The id of the sender's own copy. */
  readonly ownDelivery: string;
  readonly letters: readonly LetterRow[];
};

function describe(
  { keyring, newId }: SecurePorts,
  { arrived, mail, sender, verdict, thread }: ToSecure,
  times: Pick<MessageRow, "createdAtMs" | "expiresAtMs" | "latestExpiryMs">,
): Described {
  const { macKey } = keyring;
  const mac = mailMac(macKey, { sender, mail, raw: arrived.raw });
  return {
    id: newId(),
    ownerAddress: sender,
    ownerName: authorOf(mail, sender).name || null,
    threadId: thread ?? newThreadId(macKey, mac),
    mailMac: mac,
    messageIdMac: mail.messageId === null ? null : messageIdMac(macKey, mail.messageId),
    definition: verdict.definition.name,
    because: verdict.because.kind,
    controls: verdict.terms.controls,
    sizeBytes: arrived.raw.length,
    createdAtMs: times.createdAtMs,
    expiresAtMs: times.expiresAtMs,
    latestExpiryMs: times.latestExpiryMs,
  };
}

async function sealAndStore(
  ports: SecurePorts,
  decided: ToSecure,
  prepared: Prepared,
): Promise<Stored | { kind: "forged" }> {
  const addressed = partiesOf(decided, prepared.recipients);
  for (let attempt = 1; ; attempt++) {
    const parties = await findParties(ports, addressed, decided.sender);
    if (parties.kind === "forged") {
      ports.log(
        "error",
        "a public key in the database is not the one that this deployment attested; nothing was sealed",
        {
          mail: decided.arrived.id,
          name: parties.address,
        },
      );
      return { kind: "forged" };
    }
    try {
      return await store(ports, decided, prepared, parties);
    } catch (error) {
      if (!isMended(error) || attempt === mostTries) throw error;
      ports.directory.forget(addressed.map(({ address }) => address));
    }
  }
}

/** Whether reading the keys anew and sealing again gets past it. */
function isMended(error: unknown): boolean {
  return error instanceof DatabaseProblem && (error.kind === "keys-changed" || error.kind === "conflict");
}

function partiesOf({ mail, sender, written }: ToSecure, recipients: readonly Recipient[]): Party[] {
  const others = recipients.filter(
    ({ address, channel }) =>
      (channel === "sealed" || written?.alsoSealed.has(address)) && address !== sender,
  );
  return [
    { address: sender, name: authorOf(mail, sender).name || null, internal: written?.internal ?? true },
    ...others,
  ];
}

async function store(
  { primitives, keyring, database, newId }: SecurePorts,
  { mail, sender, verdict, verdicts, written }: ToSecure,
  { message, keys, attachments, relay, recipients, ownDelivery, letters }: Prepared,
  parties: Extract<Parties, { kind: "parties" }>,
): Promise<Stored> {
  const { owner, mailboxes } = parties;
  const { threadId, createdAtMs, latestExpiryMs, controls } = message;
  const sealed = await sealMessage(primitives, keyring.signing, {
    facts: {
      deploymentId: keyring.deploymentId,
      ownerAccountId: owner.id,
      threadId,
      createdAtMs,
      latestExpiryMs,
      controls,
    },
    keys,
    header: headerOf(mail, { subject: verdict.subject, sender, nowMs: createdAtMs }),
    body: bodyOf(mail),
    attachments: attachments.list,
    mailboxes: [...mailboxes.values()],
  });
  const keysOf = new Map(sealed.sealedKeys.map((sealedKeys) => [sealedKeys.mailboxId, sealedKeys]));
  const deliveryTo = (address: string, kind: DeliveryRow["kind"], id = newId()): SealedDeliveryRow => {
    const sealedKeys = keysOf.get(mailboxes.get(address)?.id ?? "");
    if (sealedKeys === undefined) throw new Error("a recipient has no sealed keys");
    return { id, address, kind, channel: "sealed", ...sealedKeys };
  };
  const deliveries = recipients.map(
    ({ address, kind, channel }): DeliveryRow =>
      channel === "sealed" || written?.alsoSealed.has(address)
        ? { ...deliveryTo(address, kind), channel }
        : { id: newId(), address, kind, channel },
  );
  return await storeMessage(database, {
    message: { ...message, ownerAccountId: owner.id },
    sealed,
    attachments,
    accounts: parties.newAccounts,
    mailboxes: parties.newMailboxes,
    deliveries: [deliveryTo(sender, "sender", ownDelivery), ...deliveries],
    relay,
    letters,
    verdicts,
    written: written ?? null,
  });
}
