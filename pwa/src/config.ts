/**
 * What the portal knows about its deployment, read once from `/config.json` at the start.
 *
 * The public keys in it are the ground of all trust: they come with the static files, never from the database.
 */

/** The deployment as the portal sees it; keys are raw P-256 points in base64. */
export interface PortalConfig {
  readonly apiUrl: string;
  readonly anonKey: string;
  readonly deploymentId: string;
  readonly organisation: string;
  readonly signingPublicKey: string;
  readonly gatewayPublicKey: string;
  readonly portalUrl: string;
}

const FIELDS = [
  "apiUrl",
  "anonKey",
  "deploymentId",
  "organisation",
  "signingPublicKey",
  "gatewayPublicKey",
  "portalUrl",
] as const satisfies readonly (keyof PortalConfig)[];

/** Gives the configuration, or throws one sentence that names every missing field. */
export function parseConfig(given: unknown): PortalConfig {
  const fields: Record<string, unknown> = typeof given === "object" && given !== null ? { ...given } : {};
  const missing = FIELDS.filter((name) => typeof fields[name] !== "string" || fields[name] === "");
  if (missing.length > 0) throw new Error(`config.json lacks ${missing.join(", ")}`);
  return Object.fromEntries(FIELDS.map((name) => [name, fields[name]])) as unknown as PortalConfig;
}

/** Fetches and parses `/config.json`; throws when it cannot be had. */
export async function loadConfig(get: typeof fetch): Promise<PortalConfig> {
  const answer = await get("/config.json", { cache: "no-cache" });
  if (!answer.ok) throw new Error(`config.json answered ${answer.status}`);
  return parseConfig(await answer.json());
}
