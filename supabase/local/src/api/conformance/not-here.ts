/**
 * What hosted Supabase has and the embedded stack does not, by name, with how it answers when asked all the same.
 *
 * The table in supabase/local/README.md says the same in prose; a test compares them and asks each one.
 */
export type Absent = {
  readonly name: string;
  /** How to ask for it; null where nothing of it can be seen over HTTP. */
  readonly ask: { readonly method: string; readonly path: string; readonly body?: object } | null;
};

const user = "00000000-0000-4000-8000-000000000000";

export const absent: readonly Absent[] = [
  { name: "OAuth and social sign-in", ask: { method: "GET", path: "/auth/v1/authorize?provider=github" } },
  { name: "SAML single sign-on", ask: { method: "POST", path: "/auth/v1/sso", body: {} } },
  { name: "PKCE code exchange", ask: { method: "POST", path: "/auth/v1/token?grant_type=pkce", body: {} } },
  { name: "ID token sign-in", ask: { method: "POST", path: "/auth/v1/token?grant_type=id_token", body: {} } },
  { name: "Web3 sign-in", ask: { method: "POST", path: "/auth/v1/token?grant_type=web3", body: {} } },
  { name: "Second factors (MFA)", ask: { method: "POST", path: "/auth/v1/factors", body: {} } },
  {
    name: "Mailed links that open a browser session",
    ask: { method: "GET", path: "/auth/v1/verify?token=x" },
  },
  { name: "Identity linking", ask: { method: "GET", path: "/auth/v1/user/identities/authorize" } },
  { name: "Invitations by Auth", ask: { method: "POST", path: "/auth/v1/invite", body: {} } },
  { name: "Generated links", ask: { method: "POST", path: "/auth/v1/admin/generate_link", body: {} } },
  {
    name: "Factors of a user, by an administrator",
    ask: { method: "GET", path: `/auth/v1/admin/users/${user}/factors` },
  },
  {
    name: "Soft deletion of users",
    ask: { method: "DELETE", path: `/auth/v1/admin/users/${user}`, body: { should_soft_delete: true } },
  },
  { name: "OAuth server", ask: { method: "GET", path: "/auth/v1/oauth/authorize" } },
  { name: "Resumable uploads (TUS)", ask: { method: "POST", path: "/storage/v1/upload/resumable" } },
  { name: "S3 protocol", ask: { method: "GET", path: "/storage/v1/s3" } },
  { name: "Image transformation", ask: { method: "GET", path: "/storage/v1/render/image/public/a/b" } },
  {
    name: "Listing of objects, version 2",
    ask: { method: "POST", path: "/storage/v1/object/list-v2/a", body: {} },
  },
  { name: "Analytics and vector buckets", ask: { method: "GET", path: "/storage/v1/iceberg/bucket" } },
  { name: "Broadcast over HTTP", ask: { method: "POST", path: "/realtime/v1/api/broadcast", body: {} } },
  { name: "GraphQL", ask: { method: "POST", path: "/graphql/v1", body: {} } },
  { name: "Dashboard, Meta and Management API", ask: { method: "GET", path: "/pg/tables" } },
  { name: "Presence, Postgres Changes and public channels of Realtime", ask: null },
  { name: "Asymmetric signing keys and the sb_ keys", ask: null },
  { name: "Auth hooks and CAPTCHA", ask: null },
  { name: "request.headers outside of functions", ask: null },
  { name: "Extensions other than pgcrypto and uuid-ossp", ask: null },
];
