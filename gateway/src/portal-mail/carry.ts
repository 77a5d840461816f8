/**
 * Carrying one portal mail from its parcel to its end: opened as its writer's and nobody else's, checked for whom the writer may
 * write to, then passed through as if it had come by SMTP.
 */
import { normaliseAddress } from "@sealpost/shared/address.ts";
import { equalBytes } from "@sealpost/shared/bytes.ts";
import type { Primitives } from "@sealpost/shared/crypto/primitives.ts";
import { mayWrite } from "@sealpost/shared/portal-mail/permission.ts";
import type { PortalMail } from "@sealpost/shared/portal-mail/portal-mail.ts";
import { type OpenedPortalMail, openPortalMail } from "@sealpost/shared/portal-mail/seal.ts";
import type { Correspondent } from "@sealpost/shared/wire/header.ts";
import type { Answer } from "../arrival/answer.ts";
import { type Arrived, readPath } from "../arrival/arrived.ts";
import type { Database } from "../database/database.ts";
import type { Keyring } from "../keys/deployment.ts";
import type { AttestedKey, Directory } from "../keys/directory.ts";
import type { Log } from "../log.ts";
import { isInternal, type Organisation } from "../organisation/organisation.ts";
import { messageIdMac } from "../secure/mail-identity.ts";
import type { Storage } from "../secure/storage.ts";
import { composeCopy, composeMail, portalAddress, type ToCompose } from "./compose.ts";
import { gatherFiles } from "./files.ts";
import { type AnsweredRow, type Claimed, type Facts, factsOf, macOf, parcelOf } from "./outbox.ts";
import type { Written } from "./written.ts";

export type CarryPorts = {
  readonly database: Database;
  readonly primitives: Primitives;
  readonly keyring: Keyring;
  readonly directory: Directory;
  readonly storage: Pick<Storage, "download">;
  readonly noticeDomain: string;
  readonly passMail: (arrived: Arrived, organisation: Organisation, written: Written) => Promise<Answer>;
  readonly log: Log;
};

export type Carried =
  /** The passage has answered; where it stored the mail, that is on the row already. */
  | { kind: "answered"; answer: Answer; raw: Buffer }
  | { kind: "refused"; tellSender: string }
  /** Another gateway has it. */
  | { kind: "gone" };

const notYours = "This mail could not be verified as yours. Sign in again, and send it once more.";

/** Throws what the passage throws. */
export async function carryMail(
  ports: CarryPorts,
  claimed: Claimed,
  organisation: Organisation,
): Promise<Carried> {
  if (!claimed.active) return refused("Your account cannot send now.");
  const parcel = await parcelOf(ports.database, claimed.id);
  if (parcel === null) return { kind: "gone" };
  const opened = await openAsWriters(ports, claimed, parcel);
  if (opened === undefined) return refused(notYours);
  const addressed = addressedMail(opened.mail, claimed.address);
  if (addressed.kind === "refused") return addressed;
  const { mail, recipients } = addressed;
  const asked = { id: claimed.id, answered: mail.inReplyTo, addresses: recipients };
  const facts = await factsOf(ports.database, asked);
  const permission = mayWrite({
    ...{ kind: mail.kind, recipients, me: claimed.address, organisation: organisation.name },
    internal: isInternal(organisation, claimed.address),
    answered: facts.answered && { ...facts.answered, people: new Set(facts.answered.people) },
    correspondents: new Set(facts.correspondents.filter((address) => isInternal(organisation, address))),
  });
  if (permission.kind === "refused") return permission;
  const gathered = await gatherFiles(ports, claimed.id, { ...opened, mail });
  if (gathered.kind === "damaged") {
    return refused(`"${gathered.name}" did not arrive whole. Attach it again, and send the mail once more.`);
  }
  const { files } = gathered;
  return await pass(ports, { claimed, mail, recipients, files, facts }, organisation);
}

/** Undefined where the parcel is not the account's own: somebody has put it, or a key, into the database. */
async function openAsWriters(
  ports: CarryPorts,
  claimed: Claimed,
  parcel: Buffer,
): Promise<OpenedPortalMail | undefined> {
  const account = await attestedAccount(ports, claimed);
  if (account === undefined) {
    ports.log("error", "the key of a portal mail's writer is not the one that was attested; it is refused", {
      name: claimed.id,
    });
    return undefined;
  }
  const { gateway } = ports.keyring;
  const opened = await openPortalMail(ports.primitives, { gateway, account, id: claimed.id, parcel });
  if (opened.kind === "opened") return opened.value;
  const what = `${opened.kind}: ${opened.what}`;
  ports.log("error", "a portal mail is not from the account whose it is said to be; it is refused", {
    name: claimed.id,
    what,
  });
  return undefined;
}

async function attestedAccount(
  { directory }: CarryPorts,
  { address, account_id: accountId, key_version: keyVersion }: Claimed,
): Promise<AttestedKey | undefined> {
  const lookup = await directory.find([address]);
  if (lookup.kind === "forged") return undefined;
  const account = lookup.keys.get(address)?.account;
  return account?.id === accountId && account.keyVersion === keyVersion ? account : undefined;
}

type Addressed = { kind: "addressed"; mail: PortalMail; recipients: readonly string[] };

/** The mail without its writer among the recipients, and the others in their normalised spelling. */
function addressedMail(mail: PortalMail, me: string): Addressed | Extract<Carried, { kind: "refused" }> {
  const recipients = new Set<string>();
  for (const { address } of [...mail.to, ...mail.cc]) {
    const normalised = normaliseAddress(address);
    if (normalised === undefined) return refused(`"${address.slice(0, 100)}" is no mail address.`);
    if (normalised !== me) recipients.add(normalised);
  }
  if (recipients.size === 0) return refused("The mail has no recipient besides you.");
  const others = (people: readonly Correspondent[]) =>
    people.filter(({ address }) => normaliseAddress(address) !== me);
  const kept = { ...mail, to: others(mail.to), cc: others(mail.cc) };
  return { kind: "addressed", mail: kept, recipients: [...recipients] };
}

type ToPass = {
  readonly claimed: Claimed;
  readonly mail: PortalMail;
  readonly recipients: readonly string[];
  readonly files: ReadonlyMap<number, Uint8Array>;
  readonly facts: Facts;
};

async function pass(ports: CarryPorts, passing: ToPass, organisation: Organisation): Promise<Carried> {
  const { claimed, mail, recipients, files, facts } = passing;
  const { noticeDomain, keyring } = ports;
  const internal = isInternal(organisation, claimed.address);
  const composing: ToCompose = {
    ...{ id: claimed.id, mail, files, writtenAtMs: claimed.created_at_ms },
    original: verifiedOriginal(keyring, mail, facts.answered),
    author: { name: claimed.name ?? "", address: claimed.address },
  };
  const compose = { noticeDomain, macKey: keyring.macKey };
  const raw = await composeMail(compose, composing);
  const goesInside = recipients.some((address) => isInternal(organisation, address));
  const copy =
    internal || !goesInside
      ? { raw, sender: claimed.address }
      : {
          raw: await composeCopy(compose, composing, organisation.name),
          sender: portalAddress(noticeDomain),
        };
  const written: Written = {
    ...{ id: claimed.id, answered: mail.inReplyTo, copy, internal },
    thread: {
      id: facts.answered?.thread_id ?? null,
      definition: facts.answered?.definition ?? organisation.defaultDefinition.name,
    },
    alsoSealed: await internalMailboxes(ports, recipients, organisation),
  };
  const answer = await ports.passMail(arrivedOf(claimed, raw, recipients), organisation, written);
  return { kind: "answered", answer, raw };
}

/** The Message-ID that the device says the answered mail had, if it is the one that was stored as a MAC. */
function verifiedOriginal(
  { macKey }: Keyring,
  { originalMessageId }: PortalMail,
  answered: AnsweredRow | null,
): string | null {
  const mac = answered === null ? undefined : macOf(answered);
  if (originalMessageId === null || mac === undefined) return null;
  return equalBytes(messageIdMac(macKey, originalMessageId), mac) ? originalMessageId : null;
}

/** Internal recipients who have a mailbox already: an answer alone makes nobody an account. */
async function internalMailboxes(
  { directory }: CarryPorts,
  recipients: readonly string[],
  organisation: Organisation,
): Promise<ReadonlySet<string>> {
  const internal = recipients.filter((address) => isInternal(organisation, address));
  const lookup = await directory.find(internal);
  if (lookup.kind === "forged") return new Set(internal); // sealing to them refuses, and says so in the log
  return new Set(internal.filter((address) => lookup.keys.get(address)?.mailbox));
}

function arrivedOf({ id, address }: Claimed, raw: Buffer, recipients: readonly string[]): Arrived {
  return {
    id,
    raw,
    sender: readPath(address),
    recipients: recipients.map(readPath),
    utf8: true,
    eightBit: true,
    client: { address: "unknown", helo: "portal", protocol: "HTTPS" },
  };
}

function refused(tellSender: string): Extract<Carried, { kind: "refused" }> {
  return { kind: "refused", tellSender };
}
