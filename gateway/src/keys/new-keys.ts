/**
 * First contact: the key pairs of an account and of its mailbox, made here, attested, and sealed so that only their owner
 * (by the invitation or, later, the escrow) gets the private halves.
 */
import { toB64 } from "@sealpost/shared/bytes.ts";
import { sealAccountKey, sealMailboxKey } from "@sealpost/shared/crypto/account-keys.ts";
import type { Primitives } from "@sealpost/shared/crypto/primitives.ts";
import { attest } from "@sealpost/shared/crypto/signature.ts";
import type { Keyring } from "./deployment.ts";
import type { AttestedKey } from "./directory.ts";

export type Ports = {
  readonly primitives: Primitives;
  readonly keyring: Keyring;
  readonly newId: () => string;
};

/** A row for `private.add_account`. */
export type NewAccount = {
  readonly id: string;
  readonly address: string;
  readonly display_name: string | null;
  readonly kind: "internal" | "external";
  readonly public_key: string;
  readonly key_version: number;
  readonly attestation: string;
  readonly invite_sealed: string;
  readonly escrow_sealed: string | null;
};

/** A row for `private.add_mailbox`. */
export type NewMailbox = {
  readonly id: string;
  readonly address: string;
  readonly public_key: string;
  readonly key_version: number;
  readonly attestation: string;
  readonly member: { readonly account_id: string; readonly sealed_key: string };
};

const firstVersion = 1;

export async function makeAccount(
  { primitives, keyring, newId }: Ports,
  person: Pick<NewAccount, "address" | "display_name" | "kind">,
): Promise<{ readonly key: AttestedKey; readonly row: NewAccount }> {
  const { address } = person;
  const bare = await primitives.generateBareKey();
  const owner = { id: newId(), address, keyVersion: firstVersion };
  const { id, keyVersion } = owner;
  const { publicKey } = bare;
  const attested = { kind: "account", id, address, publicKey, keyVersion } as const;
  const attestation = await attest(primitives, keyring.signing, attested);
  const invite = { role: "invite", publicKey: keyring.invitePublicKey } as const;
  const inviteSealed = await sealAccountKey(primitives, invite, { owner, bare });
  const escrow =
    keyring.recoveryPublicKey && ({ role: "recovery", publicKey: keyring.recoveryPublicKey } as const);
  const escrowSealed = escrow && (await sealAccountKey(primitives, escrow, { owner, bare }));
  const row: NewAccount = {
    ...person,
    id,
    public_key: toB64(publicKey),
    key_version: keyVersion,
    attestation: toB64(attestation),
    invite_sealed: toB64(inviteSealed),
    escrow_sealed: escrowSealed && toB64(escrowSealed),
  };
  return { key: { id, publicKey, keyVersion }, row };
}

/** A mailbox of one: its private key sealed to the account, whose public key was attested. */
export async function makeMailbox(
  { primitives, keyring, newId }: Ports,
  address: string,
  account: AttestedKey,
): Promise<{ readonly key: AttestedKey; readonly row: NewMailbox }> {
  const bare = await primitives.generateBareKey();
  const { publicKey } = bare;
  const mailbox = { id: newId(), address, keyVersion: firstVersion };
  const { id, keyVersion } = mailbox;
  const attested = { kind: "mailbox", id, address, publicKey, keyVersion } as const;
  const attestation = await attest(primitives, keyring.signing, attested);
  const membership = { mailbox, accountId: account.id, bare };
  const sealedKey = await sealMailboxKey(primitives, account.publicKey, membership);
  const row: NewMailbox = {
    id,
    address,
    public_key: toB64(publicKey),
    key_version: keyVersion,
    attestation: toB64(attestation),
    member: { account_id: account.id, sealed_key: toB64(sealedKey) },
  };
  return { key: { id, publicKey, keyVersion }, row };
}
