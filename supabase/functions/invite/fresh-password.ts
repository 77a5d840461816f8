/**
 * A fresh temporary password for an account, and what Auth and the database get of it: never the password itself.
 *
 * The account's key is laid open only to be wrapped anew, and wiped; a key that the gateway has not attested is not touched. The
 * password lives in the memory of one call, from here into the mail.
 */
import { fromB64 } from "@sealpost/shared/bytes.ts";
import { importAttested, openAccountKey, wrapAccountKey } from "@sealpost/shared/crypto/account-keys.ts";
import type { BareKey, KeyPair, Primitives } from "@sealpost/shared/crypto/primitives.ts";
import { verifyAttestation } from "@sealpost/shared/crypto/signature.ts";
import { authPassword, passwordSecrets } from "@sealpost/shared/password/password.ts";
import { makeTemporaryPassword, TEMPORARY_PASSWORD_BYTES } from "@sealpost/shared/password/temporary.ts";
import type { InvitedAccount, NewPassword } from "./accounts.ts";

export interface FreshPasswordPorts {
  readonly primitives: Primitives;
  readonly signingPublicKey: Uint8Array;
  readonly inviteKey: KeyPair;
  readonly pepper: Uint8Array;
  readonly deploymentId: string;
}

export type FreshPassword =
  | { kind: "made"; password: string; stored: NewPassword }
  /** The database gives another key than the gateway made: somebody changed it. */
  | { kind: "forged" };

/** Costs one Argon2id: as much as a hosted edge function can do in one call. */
export async function freshPassword(
  ports: FreshPasswordPorts,
  account: InvitedAccount,
): Promise<FreshPassword> {
  const bare = await attestedKey(ports, account);
  if (bare === undefined) return { kind: "forged" };
  const random = ports.primitives.randomBytes(TEMPORARY_PASSWORD_BYTES);
  try {
    const password = makeTemporaryPassword(random);
    return { kind: "made", password, stored: await storedForm(ports, { account, bare, password }) };
  } finally {
    bare.scalar.fill(0);
    random.fill(0);
  }
}

async function storedForm(
  ports: FreshPasswordPorts,
  { account, bare, password }: { account: InvitedAccount; bare: BareKey; password: string },
): Promise<NewPassword> {
  const { primitives, pepper, deploymentId } = ports;
  const { address } = account;
  const secrets = await passwordSecrets(primitives, { password, address, deploymentId });
  try {
    const owner = { id: account.id, address, keyVersion: account.key_version };
    return {
      authPassword: await authPassword(primitives, pepper, { address, secret: secrets.signIn }),
      wrappedKey: await wrapAccountKey(primitives, secrets.wrap, { owner, bare }),
    };
  } finally {
    secrets.wrap.fill(0);
  }
}

/** The account's private key, where the gateway attested its public half to this account and address. */
async function attestedKey(ports: FreshPasswordPorts, account: InvitedAccount): Promise<BareKey | undefined> {
  const { primitives, signingPublicKey, inviteKey } = ports;
  const { id, address, key_version: keyVersion } = account;
  const publicKey = fromB64(account.public_key);
  const attestation = fromB64(account.attestation);
  const sealed = fromB64(account.invite_sealed ?? "");
  if (publicKey === undefined || attestation === undefined || sealed === undefined) return undefined;
  const attested = { kind: "account", id, address, publicKey, keyVersion } as const;
  const verified = await verifyAttestation(primitives, signingPublicKey, { attested, attestation });
  if (verified.kind !== "opened") return undefined;
  const keeper = { role: "invite", keyPair: inviteKey } as const;
  const bare = await openAccountKey(primitives, keeper, { owner: { id, address, keyVersion }, sealed });
  if (bare.kind !== "opened") return undefined;
  const belongs = await importAttested(primitives, bare.value, publicKey);
  if (belongs.kind === "opened") return bare.value;
  bare.value.scalar.fill(0);
  return undefined;
}
