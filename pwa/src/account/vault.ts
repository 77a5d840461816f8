/**
 * What the account's password opens: the account's private key, and through it the keys of its mailboxes.
 *
 * Every public key is checked against the organisation's attestation before it is trusted, and against its
 * private half, so that a changed database cannot slip a key of its own in.
 */
import { type Bytes, fromB64, toB64 } from "@sealpost/shared/bytes.ts";
import {
  importAttested,
  type KeyOwner,
  openMailboxKey,
  unwrapAccountKey,
  wrapAccountKey,
} from "@sealpost/shared/crypto/account-keys.ts";
import type { OpenMailbox } from "@sealpost/shared/crypto/message-keys.ts";
import type { BareKey, KeyPair, Primitives } from "@sealpost/shared/crypto/primitives.ts";
import { verifyAttestation } from "@sealpost/shared/crypto/signature.ts";
import type { PasswordSecrets } from "@sealpost/shared/password/password.ts";
import type { AccountRow, MailboxRow } from "../backend/backend.ts";

/** The account with its keys in memory. */
export interface OpenAccount {
  readonly primitives: Primitives;
  readonly deploymentId: string;
  readonly signingPublicKey: Bytes;
  /** The account's own key, to seal what it writes. */
  readonly account: { readonly id: string; readonly keyVersion: number; readonly keyPair: KeyPair };
  /** By mailbox id. */
  readonly mailboxes: ReadonlyMap<string, OpenMailbox>;
}

export type Unwrapped =
  | { kind: "unwrapped"; bare: BareKey; keyPair: KeyPair }
  /** Another password. */
  | { kind: "wrong" }
  /** The account's public key is not the one that the deployment attested. */
  | { kind: "untrusted" };

export interface AccountVault {
  derive(password: string, address: string): Promise<PasswordSecrets>;
  unwrap(account: AccountRow, wrapSecret: Uint8Array): Promise<Unwrapped>;
  /** The account's key under a new password, in base64. */
  wrap(account: AccountRow, bare: BareKey, wrapSecret: Uint8Array): Promise<string>;
  open(
    account: AccountRow,
    keyPair: KeyPair,
    mailboxes: readonly MailboxRow[],
  ): Promise<{ kind: "open"; account: OpenAccount } | { kind: "untrusted" }>;
}

export interface VaultPorts {
  primitives: Primitives;
  deploymentId: string;
  signingPublicKey: Bytes;
  /** Argon2id, off the main thread. */
  derive: AccountVault["derive"];
}

export function createVault(ports: VaultPorts): AccountVault {
  const { primitives, deploymentId, signingPublicKey } = ports;
  return {
    derive: ports.derive,
    async unwrap(account, wrapSecret) {
      const publicKey = await attestedKey(ports, "account", account);
      const wrapped = fromB64(account.wrapped_key);
      if (publicKey === undefined || wrapped === undefined) return { kind: "untrusted" };
      const bare = await unwrapAccountKey(primitives, wrapSecret, { owner: ownerOf(account), wrapped });
      if (bare.kind === "forged") return { kind: "wrong" };
      if (bare.kind !== "opened") return { kind: "untrusted" };
      const keyPair = await importAttested(primitives, bare.value, publicKey);
      if (keyPair.kind !== "opened") return { kind: "untrusted" };
      return { kind: "unwrapped", bare: bare.value, keyPair: keyPair.value };
    },
    wrap: async (account, bare, wrapSecret) =>
      toB64(await wrapAccountKey(primitives, wrapSecret, { owner: ownerOf(account), bare })),
    async open(account, keyPair, rows) {
      const mailboxes = new Map<string, OpenMailbox>();
      for (const row of rows) {
        const mailbox = await openMailbox(ports, { account, keyPair, row });
        if (mailbox === undefined) return { kind: "untrusted" };
        mailboxes.set(row.id, mailbox);
      }
      const own = { id: account.id, keyVersion: account.key_version, keyPair };
      return {
        kind: "open",
        account: { primitives, deploymentId, signingPublicKey, account: own, mailboxes },
      };
    },
  };
}

async function openMailbox(
  ports: VaultPorts,
  member: { account: AccountRow; keyPair: KeyPair; row: MailboxRow },
): Promise<OpenMailbox | undefined> {
  const { account, row } = member;
  const attestedPublicKey = await attestedKey(ports, "mailbox", row);
  const sealed = fromB64(row.sealed_key);
  if (attestedPublicKey === undefined || sealed === undefined) return undefined;
  const keyPair = await openMailboxKey(ports.primitives, member.keyPair, {
    mailbox: ownerOf(row),
    accountId: account.id,
    sealed,
    attestedPublicKey,
  });
  if (keyPair.kind !== "opened") return undefined;
  return { id: row.id, keyPair: keyPair.value, keyVersion: row.key_version };
}

type Attested = Pick<AccountRow, "id" | "address" | "public_key" | "key_version" | "attestation">;

async function attestedKey(
  ports: VaultPorts,
  kind: "account" | "mailbox",
  row: Attested,
): Promise<Bytes | undefined> {
  const publicKey = fromB64(row.public_key);
  const attestation = fromB64(row.attestation);
  if (publicKey === undefined || attestation === undefined) return undefined;
  const attested = { kind, id: row.id, address: row.address, publicKey, keyVersion: row.key_version };
  const verified = await verifyAttestation(ports.primitives, ports.signingPublicKey, {
    attested,
    attestation,
  });
  return verified.kind === "opened" ? publicKey : undefined;
}

function ownerOf(row: Pick<Attested, "id" | "address" | "key_version">): KeyOwner {
  return { id: row.id, address: row.address, keyVersion: row.key_version };
}
