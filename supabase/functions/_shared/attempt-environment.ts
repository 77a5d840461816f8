/** What `sign-in` and `password` both work with, from the environment. */
import { webCryptoPrimitives } from "@sealpost/shared/crypto/webcrypto.ts";
import { countedAttempts } from "./attempts.ts";
import { authSessions } from "./auth-sessions.ts";
import { type Backend, connectBackend } from "./backend.ts";
import { HTTP, openEnvironment, type ReadVariable, SECRET_BYTES } from "./environment.ts";
import { type Log, logToStandardError } from "./log.ts";
import { proxyHeaderFor } from "./network.ts";
import type { AttemptPorts } from "./password-attempt.ts";

export interface AttemptEnvironment extends AttemptPorts {
  readonly backend: Backend;
  readonly portalOrigin: string;
  readonly log: Log;
}

/** Throws one error that names every variable that is missing or wrong. */
export function attemptEnvironment(read: ReadVariable): AttemptEnvironment {
  const environment = openEnvironment(read);
  const address = {
    url: environment.url("SUPABASE_URL", HTTP),
    serviceRoleKey: environment.text("SUPABASE_SERVICE_ROLE_KEY"),
  };
  const portal = environment.url("SEALPOST_PORTAL_URL", HTTP);
  const pepper = environment.bytes("SEALPOST_PEPPER", SECRET_BYTES);
  const attemptsKey = environment.bytes("SEALPOST_ATTEMPTS_KEY", SECRET_BYTES);
  environment.finish();
  const primitives = webCryptoPrimitives(crypto);
  const backend = connectBackend(address);
  return {
    primitives,
    pepper,
    attempts: countedAttempts({ backend, primitives, attemptsKey }),
    sessions: authSessions(address),
    proxyHeader: proxyHeaderFor(address.url),
    backend,
    portalOrigin: portal.origin,
    log: logToStandardError,
  };
}
