/**
 * Who is told what: the environment of each process, from the deployment's keys.
 *
 * A process gets what it needs and nothing more; on hosted Supabase all edge functions share their secrets, here they
 * do not.
 */
import type { Deployment } from "./keys.ts";
import type { Organisation, Ports } from "./settings.ts";

/** Where the parts of one running system find each other. */
export type Addresses = {
  readonly apiUrl: string;
  readonly portalUrl: string;
  readonly outgoingSmtpUrl: string;
  readonly gatewayDatabaseUrl: string;
};

/** Where everything of this system will be, known before it starts. */
export function addressesOf(ports: Ports, deployment: Deployment): Addresses {
  const password = encodeURIComponent(deployment.databasePassword);
  return {
    apiUrl: `http://localhost:${ports.api}`,
    portalUrl: `http://localhost:${ports.portal}`,
    outgoingSmtpUrl: `smtp://127.0.0.1:${ports.mail}`,
    gatewayDatabaseUrl: `postgresql://sealpost_gateway:${password}@127.0.0.1:${ports.database}/postgres`,
  };
}

export type Told = Readonly<Record<string, string>>;

/** The edge functions, each with what it may know beside the addresses. */
export const functionNames = ["sign-in", "password", "invite", "notify", "sweep"] as const;
export type FunctionName = (typeof functionNames)[number];

export function functionEnvironment(
  name: FunctionName,
  deployment: Deployment,
  organisation: Organisation,
  addresses: Addresses,
): Told {
  const everyFunction: Told = {
    SUPABASE_URL: addresses.apiUrl,
    SUPABASE_ANON_KEY: deployment.anonKey,
    SUPABASE_SERVICE_ROLE_KEY: deployment.serviceRoleKey,
    SEALPOST_DEPLOYMENT_ID: deployment.deploymentId,
    SEALPOST_SIGNING_PUBLIC_KEY: deployment.signing.publicKey,
    SEALPOST_PORTAL_URL: addresses.portalUrl,
  };
  const pepper: Told = { SEALPOST_PEPPER: deployment.pepper };
  const attempts: Told = { SEALPOST_ATTEMPTS_KEY: deployment.attemptsKey };
  const mail: Told = {
    SEALPOST_SMTP_URL: addresses.outgoingSmtpUrl,
    SEALPOST_NOTICE_DOMAIN: organisation.noticeDomain,
    SEALPOST_ORGANISATION: organisation.name,
  };
  switch (name) {
    case "sign-in":
    case "password":
      return { ...everyFunction, ...pepper, ...attempts };
    case "invite":
      return { ...everyFunction, ...pepper, ...mail, SEALPOST_INVITE_KEY: deployment.invite.privateKey };
    case "notify":
      return { ...everyFunction, ...mail };
    case "sweep":
      return everyFunction;
  }
}

/** What the gateway is told; `smtp` is where it listens, `nextHop` where it hands mail on. */
export function gatewayEnvironment(
  deployment: Deployment,
  organisation: Organisation,
  addresses: Addresses,
  own: { smtpPort: number; healthPort: number; nextHop: string },
): Told {
  return {
    SEALPOST_DEPLOYMENT_ID: deployment.deploymentId,
    SEALPOST_SIGNING_KEY: deployment.signing.privateKey,
    SEALPOST_SIGNING_PUBLIC_KEY: deployment.signing.publicKey,
    SEALPOST_GATEWAY_KEY: deployment.gateway.privateKey,
    SEALPOST_GATEWAY_PUBLIC_KEY: deployment.gateway.publicKey,
    SEALPOST_INVITE_PUBLIC_KEY: deployment.invite.publicKey,
    SEALPOST_RECOVERY_PUBLIC_KEY: deployment.recovery.publicKey,
    SEALPOST_MAC_KEY: deployment.macKey,
    SEALPOST_MACHINE_EMAIL: deployment.machine.email,
    SEALPOST_MACHINE_PASSWORD: deployment.machine.password,
    SEALPOST_DATABASE_URL: addresses.gatewayDatabaseUrl,
    SUPABASE_URL: addresses.apiUrl,
    SUPABASE_ANON_KEY: deployment.anonKey,
    SEALPOST_FUNCTIONS_URL: `${addresses.apiUrl}/functions/v1`,
    SEALPOST_PORTAL_URL: addresses.portalUrl,
    SEALPOST_ORGANISATION: organisation.name,
    SEALPOST_NOTICE_DOMAIN: organisation.noticeDomain,
    SEALPOST_DOMAINS: organisation.domains.join(","),
    SEALPOST_NEXT_HOP: own.nextHop,
    SEALPOST_SMTP_HOST: "127.0.0.1",
    SEALPOST_SMTP_PORT: String(own.smtpPort),
    SEALPOST_HEALTH_PORT: String(own.healthPort),
  };
}

/** The portal's public configuration, served beside it as `/config.json`. */
export function portalConfiguration(
  deployment: Deployment,
  organisation: Organisation,
  addresses: Addresses,
): Told {
  return {
    apiUrl: addresses.apiUrl,
    anonKey: deployment.anonKey,
    deploymentId: deployment.deploymentId,
    organisation: organisation.name,
    signingPublicKey: deployment.signing.publicKey,
    gatewayPublicKey: deployment.gateway.publicKey,
    portalUrl: addresses.portalUrl,
  };
}
