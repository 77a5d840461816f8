/**
 * The keys and secrets of one deployment, made once.
 *
 * Private keys are PKCS #8, public keys raw uncompressed points (65 bytes), both base64: what the gateway, the edge
 * functions and the portal take from their environment.
 */
import { createHmac, generateKeyPairSync, randomBytes, randomUUID } from "node:crypto";

export type KeyPair = { readonly privateKey: string; readonly publicKey: string };

/** Everything that a deployment is made of and that must never change by itself. */
export type Deployment = {
  readonly version: 1;
  readonly deploymentId: string;
  /** ECDSA P-256: the gateway signs messages and attests keys with it. */
  readonly signing: KeyPair;
  /** HPKE: raw mail in relay jobs and portal mail is sealed to it. */
  readonly gateway: KeyPair;
  /** HPKE: holds private keys of accounts until they are activated. */
  readonly invite: KeyPair;
  /** HPKE: escrow, for forgotten passwords. */
  readonly recovery: KeyPair;
  readonly macKey: string;
  readonly pepper: string;
  readonly attemptsKey: string;
  /** The auth user that uploads large attachments for the gateway. */
  readonly machine: { readonly id: string; readonly email: string; readonly password: string };
  readonly databasePassword: string;
  readonly jwtSecret: string;
  readonly anonKey: string;
  readonly serviceRoleKey: string;
};

const secretBytes = 32;
const rawPointBytes = 65;
const tenYearsSeconds = 10 * 365 * 24 * 3600; // as the keys of a hosted project

/** Makes a deployment; `nowMs` dates the API's keys. */
export function makeDeployment(nowMs: number): Deployment {
  const jwtSecret = secret();
  const deploymentId = randomUUID();
  return {
    version: 1,
    deploymentId,
    signing: makeKeyPair(),
    gateway: makeKeyPair(),
    invite: makeKeyPair(),
    recovery: makeKeyPair(),
    macKey: secret(),
    pepper: secret(),
    attemptsKey: secret(),
    machine: { id: randomUUID(), email: `uploads-${deploymentId}@machine.invalid`, password: secret() },
    databasePassword: randomBytes(24).toString("base64url"),
    jwtSecret,
    anonKey: signApiKey("anon", jwtSecret, nowMs),
    serviceRoleKey: signApiKey("service_role", jwtSecret, nowMs),
  };
}

function makeKeyPair(): KeyPair {
  const pair = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const spki = pair.publicKey.export({ type: "spki", format: "der" });
  return {
    privateKey: pair.privateKey.export({ type: "pkcs8", format: "der" }).toString("base64"),
    publicKey: spki.subarray(-rawPointBytes).toString("base64"),
  };
}

function secret(): string {
  return randomBytes(secretBytes).toString("base64");
}

/** An API key: a token without a user (HS256, RFC 7519), as Supabase projects have them. */
function signApiKey(role: "anon" | "service_role", jwtSecret: string, nowMs: number): string {
  const issued = Math.floor(nowMs / 1000);
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const claims = { iss: "supabase", role, iat: issued, exp: issued + tenYearsSeconds };
  const signed = `${part({ alg: "HS256", typ: "JWT" })}.${part(claims)}`;
  return `${signed}.${createHmac("sha256", jwtSecret).update(signed).digest("base64url")}`;
}
