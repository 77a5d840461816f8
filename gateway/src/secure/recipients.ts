/**
 * Who gets a secured mail, and how: sealed, or, inside the organisation, as ordinary mail.
 */
import { normaliseAddress } from "@sealpost/shared/address.ts";
import type { Mail, Person } from "@sealpost/shared/mail.ts";
import type { Path } from "../arrival/arrived.ts";

export type Recipient = {
  /** Normalised. */
  readonly address: string;
  /** As the mail names the person; null where it does not. */
  readonly name: string | null;
  /** An envelope recipient whom the headers do not name got a blind copy. */
  readonly kind: "to" | "cc" | "bcc";
  readonly channel: "sealed" | "mail";
  readonly internal: boolean;
};

export type Split =
  | { kind: "split"; recipients: readonly Recipient[] }
  /** Nobody can sign in under such an address. */
  | { kind: "no-mailbox"; given: string };

/** Splits the envelope's recipients, each once whatever its spelling. The headers only say of which kind somebody is. */
export function splitRecipients(
  envelope: readonly Path[],
  mail: Pick<Mail, "to" | "cc">,
  rules: { readonly isInternal: (address: string) => boolean; readonly sealsForEverybody: boolean },
): Split {
  const to = byAddress(mail.to);
  const cc = byAddress(mail.cc);
  const recipients = new Map<string, Recipient>();
  for (const { given, address } of envelope) {
    if (address === undefined) return { kind: "no-mailbox", given };
    const internal = rules.isInternal(address);
    recipients.set(address, {
      address,
      name: (to.get(address) ?? cc.get(address)) || null,
      kind: to.has(address) ? "to" : cc.has(address) ? "cc" : "bcc",
      channel: internal && !rules.sealsForEverybody ? "mail" : "sealed",
      internal,
    });
  }
  return { kind: "split", recipients: [...recipients.values()] };
}

function byAddress(people: readonly Person[]): Map<string, string> {
  const names = new Map<string, string>();
  for (const { address, name } of people) {
    const normalised = normaliseAddress(address);
    if (normalised !== undefined) names.set(normalised, name);
  }
  return names;
}
