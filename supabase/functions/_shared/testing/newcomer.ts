/** A newcomer for tests: an account with a real, attested key pair, sealed to the deployment's own keepers. */
import { randomBytes, randomUUID } from "node:crypto";
import { fromB64, toB64 } from "@sealpost/shared/bytes.ts";
import { sealAccountKey } from "@sealpost/shared/crypto/account-keys.ts";
import { fromPkcs8 } from "@sealpost/shared/crypto/bare-key.ts";
import type { SigningKey } from "@sealpost/shared/crypto/primitives.ts";
import { attest } from "@sealpost/shared/crypto/signature.ts";
import { webCryptoPrimitives } from "@sealpost/shared/crypto/webcrypto.ts";
import type { Deployment } from "../../../local/src/deployment/keys.ts";

export const primitives = webCryptoPrimitives(globalThis.crypto);

/** The deployment's signing key, ready to sign. */
export async function signingKeyOf(deployment: Deployment): Promise<SigningKey> {
  const bare = given(fromPkcs8(given(fromB64(deployment.signing.privateKey))));
  return given(await primitives.importSigningKey(bare));
}

/** What cannot be missing, since the test's own deployment was made well. */
export function given<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("the guest house is built on sand");
  return value;
}

/** `account` and `mailbox` are what `private.add_account` and `private.add_mailbox` take. */
export async function newcomer(address: string, deployment: Deployment, signingKey: SigningKey) {
  const [id, mailboxId, keyVersion] = [randomUUID(), randomUUID(), 1];
  const bare = await primitives.generateBareKey();
  const { publicKey } = bare;
  const owner = { id, address, keyVersion };
  const sealTo = async (role: "invite" | "recovery") => {
    const keeper = { role, publicKey: given(fromB64(deployment[role].publicKey)) };
    return toB64(await sealAccountKey(primitives, keeper, { owner, bare }));
  };
  const attestation = await attest(primitives, signingKey, { kind: "account", ...owner, publicKey });
  return {
    bare,
    person: { id, address, mailboxId },
    account: {
      id,
      address,
      kind: address.endsWith("@acme.example") ? "internal" : "external",
      public_key: toB64(publicKey),
      key_version: keyVersion,
      attestation: toB64(attestation),
      invite_sealed: await sealTo("invite"),
      escrow_sealed: await sealTo("recovery"),
    },
    mailbox: {
      id: mailboxId,
      address,
      public_key: toB64(publicKey),
      key_version: keyVersion,
      attestation: toB64(randomBytes(65)),
      member: { account_id: id, sealed_key: toB64(randomBytes(114)) },
    },
  };
}
