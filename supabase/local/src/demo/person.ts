/**
 * A person of the demo: an account with mailbox and keys, as the gateway makes it, and with a chosen password, as the
 * edge function `password` sets it.
 *
 * Every step can be repeated: a start that was cut off is finished by the next one.
 */
import { randomUUID } from "node:crypto";
import { type Bytes, fromB64, toB64 } from "@sealpost/shared/bytes.ts";
import {
  type KeyOwner,
  openAccountKey,
  sealAccountKey,
  sealMailboxKey,
  wrapAccountKey,
} from "@sealpost/shared/crypto/account-keys.ts";
import { fromPkcs8 } from "@sealpost/shared/crypto/bare-key.ts";
import type { BareKey, Primitives, SigningKey } from "@sealpost/shared/crypto/primitives.ts";
import { attest } from "@sealpost/shared/crypto/signature.ts";
import { authPassword, passwordSecrets } from "@sealpost/shared/password/password.ts";
import type { Client } from "pg";
import type { Deployment, KeyPair } from "../deployment/keys.ts";
import type { AuthUsers } from "./auth-users.ts";

export type Person = { readonly address: string; readonly name: string };

/** What making a person takes. */
export type Makers = {
  /** As role postgres. */
  readonly database: Client;
  readonly users: AuthUsers;
  readonly deployment: Deployment;
  readonly primitives: Primitives;
};

type AccountRow = { id: string; status: string; keyVersion: number; inviteSealed: string | null };

const firstKeyVersion = 1;

/** Makes a person who signs in with `password`, or leaves one who has chosen a password alone. */
export async function makePerson(person: Person, password: string, makers: Makers): Promise<void> {
  const account = (await findAccount(person, makers)) ?? (await addAccount(person, makers));
  if (account.status !== "invited" || account.inviteSealed === null) return;
  await choosePassword(person, { ...account, inviteSealed: account.inviteSealed }, password, makers);
}

async function findAccount(person: Person, { database }: Makers): Promise<AccountRow | undefined> {
  const found = await database.query<AccountRow>(
    `select id, status, key_version as "keyVersion", private.b64(invite_sealed) as "inviteSealed"
     from public.accounts where address = $1`,
    [person.address],
  );
  return found.rows[0];
}

async function addAccount(person: Person, makers: Makers): Promise<AccountRow> {
  const { database, primitives } = makers;
  const owner = ownerOf(person);
  const bare = await primitives.generateBareKey();
  const inviteSealed = await sealedTo("invite", makers.deployment.invite, owner, bare, primitives);
  await database.query("begin");
  await database.query("select private.add_account($1)", [
    {
      ...(await attested("account", owner, bare, makers)),
      display_name: person.name,
      kind: "internal",
      invite_sealed: toB64(inviteSealed),
      escrow_sealed: toB64(await sealedTo("recovery", makers.deployment.recovery, owner, bare, primitives)),
    },
  ]);
  await database.query("select private.add_mailbox($1)", [await mailboxOf(person, owner.id, bare, makers)]);
  await database.query("commit");
  return { id: owner.id, status: "invited", keyVersion: firstKeyVersion, inviteSealed: toB64(inviteSealed) };
}

async function mailboxOf(
  person: Person,
  accountId: string,
  account: BareKey,
  makers: Makers,
): Promise<object> {
  const mailbox = ownerOf(person);
  const bare = await makers.primitives.generateBareKey();
  const sealed = await sealMailboxKey(makers.primitives, account.publicKey, { mailbox, accountId, bare });
  return {
    ...(await attested("mailbox", mailbox, bare, makers)),
    member: { account_id: accountId, sealed_key: toB64(sealed) },
  };
}

function ownerOf(person: Person): KeyOwner {
  return { id: randomUUID(), address: person.address, keyVersion: firstKeyVersion };
}

async function attested(
  kind: "account" | "mailbox",
  owner: KeyOwner,
  bare: BareKey,
  makers: Makers,
): Promise<object> {
  const key = await signingKey(makers);
  const attestation = await attest(makers.primitives, key, { kind, ...owner, publicKey: bare.publicKey });
  return {
    id: owner.id,
    address: owner.address,
    public_key: toB64(bare.publicKey),
    key_version: owner.keyVersion,
    attestation: toB64(attestation),
  };
}

async function sealedTo(
  role: "invite" | "recovery",
  keeper: KeyPair,
  owner: KeyOwner,
  bare: BareKey,
  primitives: Primitives,
): Promise<Bytes> {
  return sealAccountKey(primitives, { role, publicKey: bytesOf(keeper.publicKey) }, { owner, bare });
}

async function choosePassword(
  person: Person,
  account: AccountRow & { inviteSealed: string },
  password: string,
  makers: Makers,
): Promise<void> {
  const { database, users, deployment, primitives } = makers;
  const { deploymentId } = deployment;
  const { address } = person;
  const owner: KeyOwner = { id: account.id, address, keyVersion: account.keyVersion };
  const bare = await openInvited(owner, bytesOf(account.inviteSealed), makers);
  const secrets = await passwordSecrets(primitives, { password, address, deploymentId });
  const wrapped = await wrapAccountKey(primitives, secrets.wrap, { owner, bare });
  const pending = await database.query<{ id: string }>(
    "select private.add_pending_wrap($1, 'chosen', $2) as id",
    [account.id, Buffer.from(wrapped)],
  );
  await users.put({
    id: account.id,
    email: address,
    password: await authPassword(primitives, bytesOf(deployment.pepper), { address, secret: secrets.signIn }),
    wrap: pending.rows[0]?.id ?? null,
  });
}

async function openInvited(
  owner: KeyOwner,
  sealed: Bytes,
  { deployment, primitives }: Makers,
): Promise<BareKey> {
  const keyPair = await primitives.importKeyPair(bareOf(deployment.invite));
  if (keyPair === undefined) throw new Error("the invite key's halves do not belong together");
  const opened = await openAccountKey(primitives, { role: "invite", keyPair }, { owner, sealed });
  if (opened.kind !== "opened") throw new Error("an invited account's key was not sealed to this invite key");
  return opened.value;
}

async function signingKey({ deployment, primitives }: Makers): Promise<SigningKey> {
  const key = await primitives.importSigningKey(bareOf(deployment.signing));
  if (key === undefined) throw new Error("the signing key's halves do not belong together");
  return key;
}

function bareOf(pair: KeyPair): BareKey {
  const bare = fromPkcs8(bytesOf(pair.privateKey));
  if (bare === undefined) throw new Error("a private key of the deployment has an unknown form");
  return bare;
}

function bytesOf(b64: string): Bytes {
  const bytes = fromB64(b64);
  if (bytes === undefined) throw new Error("a key is no base64");
  return bytes;
}
