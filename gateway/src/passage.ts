/**
 * The passage of one mail through the gateway: read, judged, and then relayed, secured or refused.
 *
 * Gives the answer for SMTP. Throws where something of ours is away; the rim (arrival/server.ts) makes that a 451.
 */
import { normaliseAddress } from "@sealpost/shared/address.ts";
import { isUuid } from "@sealpost/shared/bytes.ts";
import type { Mail } from "@sealpost/shared/mail.ts";
import { judge } from "@sealpost/shared/policy/judge.ts";
import { type Answer, refused, tryLater } from "./arrival/answer.ts";
import type { Arrived } from "./arrival/arrived.ts";
import { mostHops } from "./arrival/limits.ts";
import type { Database } from "./database/database.ts";
import { parseMail } from "./mime/parse-mail.ts";
import { isInternal, type Organisation } from "./organisation/organisation.ts";
import { type RelayPorts, relayMail } from "./relay/relay-mail.ts";
import { countHops } from "./relay/trace.ts";
import { messageIdMac } from "./secure/mail-identity.ts";
import { type SecurePorts, secureMail } from "./secure/secure-mail.ts";

export type PassagePorts = RelayPorts & SecurePorts;

/** One mail, from its last byte to its answer. */
export async function passMail(
  ports: PassagePorts,
  arrived: Arrived,
  organisation: Organisation,
): Promise<Answer> {
  if (countHops(arrived.raw) > mostHops) {
    return refused(554, "5.4.6 This mail has passed too many mail servers and seems to go in circles.");
  }
  const sender = arrived.sender?.address;
  if (sender === undefined) return await relayMail(ports, arrived); // bounces, to internal addresses only
  const mail = parseMail(arrived.raw);
  const author = disagreeing(mail, sender, organisation);
  const thread = await findThread(ports, mail);
  const verdict = judge(mail, { ...organisation, thread: thread?.definition ?? null });
  switch (verdict.kind) {
    case "refuse":
      return verdict.because.kind === "unscannable"
        ? refused(554, `5.6.0 ${verdict.tellSender}`)
        : refused(550, `5.7.1 ${verdict.tellSender}`);
    case "hold":
      return tryLater("This mail is to be reviewed, which cannot be done now");
    case "relay":
      return author?.internal ? notYourAddress(author.address, sender) : await relayMail(ports, arrived);
    case "secure":
      if (author !== undefined) return notYourAddress(author.address, sender);
      return await secureMail(ports, {
        arrived,
        mail,
        sender,
        verdict,
        thread: thread?.id ?? null,
        organisation,
      });
  }
}

/**
 * The author that From names, where it is not the sender of the envelope. [Note: Owner is who was authenticated]
 *
 * Another internal address would be an impersonation, beside the sender's own too. An external one is what forwarders and
 * lists send on: ordinary mail of that kind is relayed, but nobody owns a secure message that somebody else has written.
 */
function disagreeing(
  mail: Pick<Mail, "from">,
  sender: string,
  organisation: Organisation,
): { readonly address: string; readonly internal: boolean } | undefined {
  const authors = mail.from.map(({ address }) => authorAddress(address));
  const others = authors.filter((address) => address !== sender);
  const internal = others.find((address) => isInternal(organisation, address));
  if (internal !== undefined) return { address: internal, internal: true };
  return authors.length === 0 || authors.includes(sender)
    ? undefined
    : { address: authors[0] ?? "", internal: false };
}

/** Normalised; a dot at the end, which mail clients overlook, makes no other address. */
function authorAddress(written: string): string {
  const address = written.replace(/\.+$/, "");
  return normaliseAddress(address) ?? address.toLowerCase();
}

function notYourAddress(author: string, sender: string): Answer {
  return refused(
    550,
    `5.7.1 From says ${author}, but this mail was sent by ${sender}. Send it with your own address in From.`,
  );
}

/** More ids than this name no thread that a person follows. */
const mostReferences = 1_000;

type Thread = { readonly id: string; readonly definition: string };

/** The secured thread that a mail answers, the newest where there are several. */
async function findThread(
  { database, keyring }: Pick<PassagePorts, "database" | "keyring">,
  mail: Pick<Mail, "inReplyTo" | "references">,
): Promise<Thread | undefined> {
  const ids = new Set([...mail.inReplyTo, ...mail.references.slice(-mostReferences)]);
  if (ids.size === 0) return undefined;
  const macs = [...ids].map((id) => messageIdMac(keyring.macKey, id));
  return firstThread(await askThreads(database, macs));
}

function askThreads(database: Database, macs: readonly Buffer[]): Promise<unknown> {
  return database.call({ name: "find_threads", text: "select private.find_threads($1)", values: [macs] });
}

function firstThread(answer: unknown): Thread | undefined {
  const [first] = Array.isArray(answer) ? answer : [];
  if (typeof first !== "object" || first === null) return undefined;
  const { thread_id: id, definition } = first as Record<string, unknown>;
  return typeof id === "string" && isUuid(id) && typeof definition === "string"
    ? { id, definition }
    : undefined;
}
