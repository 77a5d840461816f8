/**
 * Everybody whose mailbox a message is sealed to: attested keys that exist, and new ones for first contacts.
 */
import type { AttestedKey, Directory, KnownKeys } from "../keys/directory.ts";
import {
  makeAccount,
  makeMailbox,
  type NewAccount,
  type Ports as NewKeyPorts,
  type NewMailbox,
} from "../keys/new-keys.ts";

/** Somebody to seal to. `address` is normalised. */
export type Party = { readonly address: string; readonly name: string | null; readonly internal: boolean };

export type Parties =
  | {
      kind: "parties";
      /** By address. */
      mailboxes: ReadonlyMap<string, AttestedKey>;
      /** The sender's account. */
      owner: AttestedKey;
      newAccounts: readonly NewAccount[];
      newMailboxes: readonly NewMailbox[];
    }
  /** Somebody has tampered with the database. */
  | { kind: "forged"; address: string };

type Collected = {
  readonly mailboxes: Map<string, AttestedKey>;
  readonly accounts: Map<string, AttestedKey>;
  readonly newAccounts: NewAccount[];
  readonly newMailboxes: NewMailbox[];
};

/** The sender must be among the parties. */
export async function findParties(
  ports: NewKeyPorts & { readonly directory: Directory },
  parties: readonly Party[],
  sender: string,
): Promise<Parties> {
  const lookup = await ports.directory.find(parties.map(({ address }) => address));
  if (lookup.kind === "forged") return lookup;
  const collected: Collected = {
    mailboxes: new Map(),
    accounts: new Map(),
    newAccounts: [],
    newMailboxes: [],
  };
  for (const party of parties) {
    const known = lookup.keys.get(party.address) ?? { mailbox: null, account: null };
    await collect(ports, collected, { party, known, owns: party.address === sender });
  }
  const owner = collected.accounts.get(sender);
  if (owner === undefined) throw new Error("the sender is not among the parties");
  const { mailboxes, newAccounts, newMailboxes } = collected;
  return { kind: "parties", mailboxes, owner, newAccounts, newMailboxes };
}

/** An account is needed by whoever owns a message, and as the first member of a new mailbox. */
async function collect(
  ports: NewKeyPorts,
  collected: Collected,
  { party, known, owns }: { readonly party: Party; readonly known: KnownKeys; readonly owns: boolean },
): Promise<void> {
  const { address, name, internal } = party;
  let { account, mailbox } = known;
  if (account === null && (owns || mailbox === null)) {
    const person = { address, display_name: name, kind: internal ? "internal" : "external" } as const;
    const made = await makeAccount(ports, person);
    collected.newAccounts.push(made.row);
    account = made.key;
  }
  if (mailbox === null && account !== null) {
    const made = await makeMailbox(ports, address, account);
    collected.newMailboxes.push(made.row);
    mailbox = made.key;
  }
  if (mailbox !== null) collected.mailboxes.set(address, mailbox);
  if (account !== null) collected.accounts.set(address, account);
}
