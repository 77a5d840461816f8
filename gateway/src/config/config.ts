/**
 * The gateway's configuration, read once from the environment.
 *
 * Everything that is wrong is said at once, each in one sentence that names the variable and the mend. No value of a secret
 * is ever part of a sentence.
 */
import type { Bytes } from "@sealpost/shared/bytes.ts";
import { isUuid } from "@sealpost/shared/bytes.ts";
import type { BareKey } from "@sealpost/shared/crypto/primitives.ts";
import { type Entrance, readEntrance } from "./entrance.ts";
import { type NextHop, readNextHop } from "./next-hop.ts";
import { type Environment, makeReader, type Reader } from "./reader.ts";

export type DeploymentKeys = {
  readonly deploymentId: string;
  readonly signing: BareKey;
  readonly gateway: BareKey;
  readonly invitePublicKey: Bytes;
  /** Null where escrow is off. */
  readonly recoveryPublicKey: Bytes | null;
  readonly macKey: Bytes;
};

export type Supabase = {
  readonly url: string;
  readonly anonKey: string;
  readonly functionsUrl: string;
  readonly machineEmail: string;
  readonly machinePassword: string;
};

export type Config = {
  readonly entrance: Entrance;
  /** Null for no health server. */
  readonly healthPort: number | null;
  readonly hostname: string;
  readonly databaseUrl: string;
  /** Named prepared statements; off behind a transaction pooler that cannot keep them. */
  readonly preparesStatements: boolean;
  readonly nextHop: NextHop;
  readonly noticeDomain: string;
  /** Where the portal is, for links; null where it is not told. */
  readonly portalUrl: string | null;
  readonly supabase: Supabase;
  readonly keys: DeploymentKeys;
};

export type ParsedConfig =
  | { kind: "config"; config: Config }
  | { kind: "wrong"; problems: readonly string[] };

/** Reads the variables of the contract; `hostname` is this machine's name, for Received headers. */
export function parseConfig(env: Environment, hostname: string): ParsedConfig {
  const problems: string[] = [];
  const reader = makeReader(env, problems);
  const config: Config = {
    entrance: readEntrance(reader),
    healthPort: reader.optionalPort("SEALPOST_HEALTH_PORT"),
    hostname: reader.text("SEALPOST_HOSTNAME", hostname),
    databaseUrl: reader.url("SEALPOST_DATABASE_URL", /^postgres(ql)?:$/, "postgresql://user@host:5432/name"),
    preparesStatements: reader.choice("SEALPOST_DATABASE_PREPARE", ["on", "off"], "on") === "on",
    nextHop: readNextHop(reader),
    noticeDomain: reader.text("SEALPOST_NOTICE_DOMAIN"),
    portalUrl: reader.isSet("SEALPOST_PORTAL_URL")
      ? reader.url("SEALPOST_PORTAL_URL", /^https?:$/, "https://secure.acme.example")
      : null,
    supabase: readSupabase(reader),
    keys: readKeys(reader),
  };
  return problems.length > 0 ? { kind: "wrong", problems } : { kind: "config", config };
}

function readSupabase(reader: Reader): Supabase {
  const url = reader.url("SUPABASE_URL", /^https?:$/, "https://project.supabase.co").replace(/\/$/, "");
  const functionsUrl = reader.text("SEALPOST_FUNCTIONS_URL", `${url}/functions/v1`).replace(/\/$/, "");
  return {
    url,
    functionsUrl,
    anonKey: reader.text("SUPABASE_ANON_KEY"),
    machineEmail: reader.text("SEALPOST_MACHINE_EMAIL"),
    machinePassword: reader.text("SEALPOST_MACHINE_PASSWORD"),
  };
}

const macKeyBytes = 32;

function readKeys(reader: Reader): DeploymentKeys {
  const deploymentId = reader.text("SEALPOST_DEPLOYMENT_ID").toLowerCase();
  if (deploymentId !== "" && !isUuid(deploymentId)) {
    reader.wrong("SEALPOST_DEPLOYMENT_ID is no UUID: copy it from the deployment's keys.");
  }
  return {
    deploymentId,
    signing: reader.privateKey("SEALPOST_SIGNING_KEY", "SEALPOST_SIGNING_PUBLIC_KEY"),
    gateway: reader.privateKey("SEALPOST_GATEWAY_KEY", "SEALPOST_GATEWAY_PUBLIC_KEY"),
    invitePublicKey: reader.publicKey("SEALPOST_INVITE_PUBLIC_KEY"),
    recoveryPublicKey: reader.isSet("SEALPOST_RECOVERY_PUBLIC_KEY")
      ? reader.publicKey("SEALPOST_RECOVERY_PUBLIC_KEY")
      : null,
    macKey: reader.bytes("SEALPOST_MAC_KEY", macKeyBytes),
  };
}
