/**
 * The deployment's keys as the gateway uses them: imported once, unreadable from then on.
 */
import { createSecretKey, type KeyObject } from "node:crypto";
import type { Bytes } from "@sealpost/shared/bytes.ts";
import type { KeyPair, Primitives, SigningKey } from "@sealpost/shared/crypto/primitives.ts";
import type { DeploymentKeys } from "../config/config.ts";

export type Keyring = {
  readonly deploymentId: string;
  readonly signing: SigningKey;
  /** What relay jobs are sealed to. */
  readonly gateway: KeyPair;
  readonly invitePublicKey: Bytes;
  readonly recoveryPublicKey: Bytes | null;
  readonly macKey: KeyObject;
};

/** Undefined where a private key does not belong to its public half. */
export async function importKeyring(
  primitives: Primitives,
  keys: DeploymentKeys,
): Promise<Keyring | undefined> {
  const signing = await primitives.importSigningKey(keys.signing);
  const gateway = await primitives.importKeyPair(keys.gateway);
  if (signing === undefined || gateway === undefined) return undefined;
  const { deploymentId, invitePublicKey, recoveryPublicKey } = keys;
  const macKey = createSecretKey(keys.macKey);
  return { deploymentId, signing, gateway, invitePublicKey, recoveryPublicKey, macKey };
}
