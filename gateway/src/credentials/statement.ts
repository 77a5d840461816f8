/**
 * The SQL statement that stores an SMTP credential, for an administrator to run.
 */
import { normaliseAddress, normaliseDomain } from "@sealpost/shared/address.ts";

export type Statement = { kind: "statement"; sql: string } | { kind: "wrong"; sentence: string };

export type NewCredential = {
  readonly login: string;
  /** Addresses, and domains as "@acme.example". */
  readonly addresses: readonly string[];
  readonly hash: string;
};

const usage =
  "Say who signs in and whose mail they send: npm run smtp-password -- <login> <address or @domain…>.";

export function credentialStatement({ login, addresses, hash }: NewCredential): Statement {
  if (!/^[^\s\p{Cc}]{1,200}$/u.test(login) || addresses.length === 0)
    return { kind: "wrong", sentence: usage };
  const allowed = addresses.map(normaliseAllowed);
  const odd = addresses.find((_, i) => allowed[i] === undefined);
  if (odd !== undefined) {
    return {
      kind: "wrong",
      sentence: `"${odd}" is neither an address nor a domain: write alice@acme.example or @acme.example.`,
    };
  }
  const list = allowed.map((address) => literal(address ?? "")).join(", ");
  const sql = [
    "insert into public.smtp_credentials (login, password_hash, allowed_addresses)",
    `values (${literal(login.toLowerCase())}, ${literal(hash)}, array[${list}])`,
    "on conflict (login) do update",
    "  set password_hash = excluded.password_hash, allowed_addresses = excluded.allowed_addresses, enabled = true;",
  ].join("\n");
  return { kind: "statement", sql };
}

function normaliseAllowed(text: string): string | undefined {
  if (!text.startsWith("@")) return normaliseAddress(text);
  const domain = normaliseDomain(text.slice(1));
  return domain === undefined ? undefined : `@${domain}`;
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
