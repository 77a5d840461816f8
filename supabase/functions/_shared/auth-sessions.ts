/**
 * Sessions of Supabase Auth, made and ended on a person's behalf. Auth counts its own limits by the person's address, which
 * goes with the request (`Sb-Forwarded-For`, believed from holders of the secret key only).
 */

import { isUuid } from "@sealpost/shared/bytes.ts";
import type { Session } from "@supabase/supabase-js";
import { type BackendAddress, BackendError, newClient } from "./backend.ts";

/** What the portal gets: enough for `auth.setSession`. */
export type PortalSession = Pick<
  Session,
  "access_token" | "refresh_token" | "token_type" | "expires_in" | "expires_at"
>;

export interface OpenedSession {
  readonly session: PortalSession;
  readonly sessionId: string;
  readonly accountId: string;
}

export type Opening =
  | { kind: "opened"; opened: OpenedSession }
  /** Wrong password, unknown address or a banned user: Auth's reason goes no further. */
  | { kind: "refused" }
  /** Auth itself will take no more attempts from there for a while. */
  | { kind: "limited" };

export interface AuthSessions {
  open(credentials: {
    readonly address: string;
    readonly password: string;
    /** The person's IP address where it is known. */
    readonly clientAddress: string | undefined;
  }): Promise<Opening>;
  /** The account that a token belongs to, or undefined where the token or its session is no longer good. */
  accountOf(accessToken: string): Promise<string | undefined>;
  end(accessToken: string): Promise<void>;
}

export function authSessions(address: BackendAddress): AuthSessions {
  const plain = newClient(address, {});
  return {
    async open({ address: email, password, clientAddress }) {
      const headers = clientAddress === undefined ? {} : { "Sb-Forwarded-For": clientAddress };
      const { data, error } = await newClient(address, headers).auth.signInWithPassword({ email, password });
      if (data.session) return { kind: "opened", opened: openedSession(data.session) };
      if (error?.status === 429) return { kind: "limited" };
      if (error?.status === 400) return { kind: "refused" };
      throw new BackendError("sign-in", error?.code ?? String(error?.status ?? 0));
    },
    async accountOf(accessToken) {
      const { data, error } = await plain.auth.getUser(accessToken);
      if (data.user) return data.user.id;
      if (error?.status === 401 || error?.status === 403 || error?.name === "AuthSessionMissingError")
        return undefined;
      throw new BackendError("user", error?.code ?? String(error?.status ?? 0));
    },
    async end(accessToken) {
      await plain.auth.admin.signOut(accessToken, "local");
    },
  };
}

function openedSession(session: Session): OpenedSession {
  const { access_token, refresh_token, token_type, expires_in } = session;
  const portal = { access_token, refresh_token, token_type, expires_in };
  return {
    session: session.expires_at === undefined ? portal : { ...portal, expires_at: session.expires_at },
    sessionId: sessionIdOf(access_token),
    accountId: session.user.id,
  };
}

/** The session that an access token names. Auth has just given it to us, so its signature is not checked again. */
function sessionIdOf(accessToken: string): string {
  const payload = (accessToken.split(".")[1] ?? "").replaceAll("-", "+").replaceAll("_", "/");
  const claims = JSON.parse(atob(payload)) as { session_id?: unknown };
  if (typeof claims.session_id !== "string" || !isUuid(claims.session_id)) {
    throw new BackendError("sign-in", "no session id");
  }
  return claims.session_id;
}
