/** What the parts of the auth front are given. */
import type { Sql } from "postgres";

export type AuthPorts = {
  /** As the role that owns schema `auth`. */
  readonly sql: Sql;
  readonly jwtSecret: string;
  /** `<API url>/auth/v1`, the `iss` of every token. */
  readonly issuer: string;
  readonly now: () => number;
  /** `@supabase/lite`. */
  readonly forward: (request: Request) => Promise<Response>;
};

/** How long an access token lives; hosted Supabase's default. */
export const accessTokenSeconds = 3600;
