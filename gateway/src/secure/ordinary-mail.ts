/**
 * What goes out as ordinary mail beside a secured message: the copy for internal recipients, and a letter to the sender.
 * Both are sealed to this gateway until they are handed on.
 */
import { sealParcel } from "@sealpost/shared/crypto/parcel.ts";
import { internalCopy } from "../internal-copy/internal-copy.ts";
import { type LetterRow, letterRow } from "../letter/letter.ts";
import { securedLetter } from "../letter/secured-letter.ts";
import { traceLine } from "../relay/trace.ts";
import type { Recipient } from "./recipients.ts";
import type { RelayRow } from "./store-message.ts";
import type { SecurePorts, ToSecure } from "./to-secure.ts";

/** What the sender is told, where the definition says so; whoever writes in the portal sees it there. */
export async function lettersOf(
  ports: SecurePorts,
  decided: ToSecure,
  { delivery, expiresAtMs }: { readonly delivery: string; readonly expiresAtMs: number | null },
): Promise<LetterRow[]> {
  if (!decided.verdict.definition.tellsSender || decided.written) return [];
  const told = { organisation: decided.organisation.name, portalUrl: ports.portalUrl, delivery };
  return [await letterRow(ports, securedLetter(told, { ...decided, expiresAtMs }))];
}

/** One copy for all internal recipients, sealed to this gateway until it is handed on. Names no blind recipient. */
export async function relayCopy(
  { primitives, keyring, newId, hostname, now }: SecurePorts,
  { arrived, sender, written }: ToSecure,
  recipients: readonly Recipient[],
): Promise<RelayRow | null> {
  const internal = recipients.filter(({ channel }) => channel === "mail").map(({ address }) => address);
  if (internal.length === 0) return null;
  const seen = recipients.filter(({ channel, kind }) => channel === "sealed" && kind !== "bcc");
  const trace = traceLine(arrived, hostname, now());
  const { raw, sender: from } = written?.copy ?? { raw: arrived.raw, sender };
  const copy = internalCopy(raw, { securedTo: seen.map(({ address }) => address), trace });
  const id = newId();
  const place = { role: "relay-job", ids: [id] } as const;
  const content = await sealParcel(primitives, { to: keyring.gateway.publicKey, place, bytes: copy });
  return { id, sender: from, recipients: internal, content };
}
