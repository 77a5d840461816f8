/** What every kicked function works with, from the environment. */
import { webCryptoPrimitives } from "@sealpost/shared/crypto/webcrypto.ts";
import { type Backend, connectBackend } from "./backend.ts";
import { type Environment, HTTP } from "./environment.ts";
import type { KickRim } from "./kick.ts";
import { logToStandardError } from "./log.ts";

export interface KickEnvironment {
  readonly rim: KickRim;
  /** Only after the environment was found good. */
  readonly connect: () => Backend;
}

export function kickEnvironment(name: string, environment: Environment): KickEnvironment {
  const url = environment.url("SUPABASE_URL", HTTP);
  const serviceRoleKey = environment.text("SUPABASE_SERVICE_ROLE_KEY");
  const rim: KickRim = {
    function: name,
    primitives: webCryptoPrimitives(crypto),
    signingPublicKey: environment.publicKey("SEALPOST_SIGNING_PUBLIC_KEY"),
    now: () => new Date(),
    log: logToStandardError,
  };
  return { rim, connect: () => connectBackend({ url, serviceRoleKey }) };
}
