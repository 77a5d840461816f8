/**
 * One attempt at a password, counted: what `sign-in` and `password` have in common. The caller trusts or ends the session that
 * a right password opens.
 */
import type { Primitives } from "@sealpost/shared/crypto/primitives.ts";
import { authPassword } from "@sealpost/shared/password/password.ts";
import type { Attempt, Attempts } from "./attempts.ts";
import type { AuthSessions, OpenedSession } from "./auth-sessions.ts";
import { clientAddressOf, networkOf, type ProxyHeader } from "./network.ts";

export interface AttemptPorts {
  readonly primitives: Primitives;
  readonly pepper: Uint8Array;
  readonly attempts: Attempts;
  readonly sessions: AuthSessions;
  readonly proxyHeader: ProxyHeader;
}

export type AttemptOutcome =
  | { kind: "right"; attempt: Attempt; opened: OpenedSession }
  | { kind: "refused" }
  | { kind: "locked"; seconds: number };

/** How long Auth's own limit may last: it counts in windows of five minutes. */
const AUTH_LIMIT_SECONDS = 300;

export async function attemptPassword(
  ports: AttemptPorts,
  request: Request,
  credentials: { readonly address: string; readonly secret: string },
): Promise<AttemptOutcome> {
  const clientAddress = clientAddressOf(request, ports.proxyHeader);
  const attempt = { address: credentials.address, network: networkOf(clientAddress) };
  const seconds = await ports.attempts.begin(attempt);
  if (seconds > 0) return { kind: "locked", seconds };
  const opening = await openSession(ports, credentials, clientAddress);
  switch (opening.kind) {
    case "opened":
      return { kind: "right", attempt, opened: opening.opened };
    case "refused":
      return { kind: "refused" };
    case "limited":
      return { kind: "locked", seconds: AUTH_LIMIT_SECONDS };
  }
}

/** Opens a session with the password that Auth knows: the sign-in secret under the pepper. */
export async function openSession(
  ports: Pick<AttemptPorts, "primitives" | "pepper" | "sessions">,
  credentials: { readonly address: string; readonly secret: string },
  clientAddress: string | undefined,
) {
  const password = await authPassword(ports.primitives, ports.pepper, credentials);
  return await ports.sessions.open({ address: credentials.address, password, clientAddress });
}
