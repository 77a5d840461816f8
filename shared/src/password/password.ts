/**
 * Passwords never leave the device: here one becomes two independent secrets, of which one signs in and the other wraps the
 * account's private key. Neither gives the other, and each costs an Argon2id to try.
 */
import { argon2id } from "hash-wasm";
import type { Bytes } from "../bytes.ts";
import { toB64, toB64Url, utf8 } from "../bytes.ts";
import { context } from "../crypto/context.ts";
import type { Primitives } from "../crypto/primitives.ts";
import { readTemporaryPassword } from "./temporary.ts";

/** What a password gives. `signIn` is 32 bytes in base64; `wrap` is 32 bytes and never leaves the device. */
export interface PasswordSecrets {
  readonly signIn: string;
  readonly wrap: Bytes;
}

/** Argon2id's costs (RFC 9106): memory in KiB, passes, lanes. */
export interface PasswordCost {
  readonly memoryKib: number;
  readonly passes: number;
  readonly lanes: number;
}

/**
 * Costs by version. Compiled in, so that no server can ask for weaker ones; a version is never changed, only added.
 *
 * [Note: The cost of a password] hash-wasm takes 3.2 ms of a desktop core for each MiB and pass: 32 MiB and two passes are 0.2 s
 * there, under 1 s on a phone that is four times slower, and a tenth of what an edge function may use (2 s of CPU, 256 MB).
 */
const COSTS = { 1: { memoryKib: 32_768, passes: 2, lanes: 1 } } as const satisfies Record<
  number,
  PasswordCost
>;

export type PasswordVersion = keyof typeof COSTS;

/** The version for new passwords. */
export const PASSWORD_VERSION: PasswordVersion = 1;

/** OWASP's least for Argon2id with one lane (Password Storage Cheat Sheet): 19 MiB, two passes. No version is below. */
export const PASSWORD_FLOOR: PasswordCost = { memoryKib: 19_456, passes: 2, lanes: 1 };

const SECRET_BYTES = 32;

/** The cost of a version. */
export function passwordCost(version: PasswordVersion): PasswordCost {
  return COSTS[version];
}

/** The one spelling of a password: a temporary one as it was printed, any other in Unicode's NFKC. */
export function canonicalPassword(password: string): string {
  return readTemporaryPassword(password) ?? password.normalize("NFKC");
}

/** Both secrets of a password. `address` is normalised. [Note: The cost of a password] */
export async function passwordSecrets(
  primitives: Primitives,
  credentials: { readonly password: string; readonly address: string; readonly deploymentId: string },
  version: PasswordVersion = PASSWORD_VERSION,
): Promise<PasswordSecrets> {
  const { password, address, deploymentId } = credentials;
  const { memoryKib, passes, lanes } = passwordCost(version);
  const salt = await primitives.sha256(context("password-salt", version, deploymentId, address));
  const secret = await argon2id({
    password: utf8(canonicalPassword(password)),
    salt,
    memorySize: memoryKib,
    iterations: passes,
    parallelism: lanes,
    hashLength: SECRET_BYTES,
    outputType: "binary",
  });
  const derive = (use: string) =>
    primitives.hkdfSha256({ secret, salt, info: context("password-use", use), length: SECRET_BYTES });
  return { signIn: toB64(await derive("sign-in")), wrap: await derive("wrap") };
}

/**
 * What Supabase Auth gets as password: the sign-in secret under the pepper (32 bytes) that only edge functions know, so that guessing
 * at Auth's own endpoint is useless.
 */
export async function authPassword(
  primitives: Primitives,
  pepper: Uint8Array,
  signIn: { readonly address: string; readonly secret: string },
): Promise<string> {
  return toB64Url(await primitives.hmacSha256(pepper, context("auth", signIn.address, signIn.secret)));
}
