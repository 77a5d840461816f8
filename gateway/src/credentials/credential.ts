/**
 * SMTP credentials: who signs in with which password, and whose mail they may send.
 */
import { domainOf } from "@sealpost/shared/address.ts";
import { list, record, text } from "@sealpost/shared/wire/shape.ts";
import type { Database } from "../database/database.ts";

export type Credential = {
  /** Addresses, and domains as "@acme.example". */
  readonly allowed_addresses: readonly string[];
};

type Row = Credential & { readonly password_hash: string };

const mostAddresses = 1_000;

const row = record<Row>({ password_hash: text(400), allowed_addresses: list(text(320), mostAddresses) });

/** Null for a login that is unknown or switched off. Throws DatabaseProblem. */
export async function findCredential(database: Database, login: string): Promise<Row | null> {
  const found = await database.call({
    name: "smtp_credential",
    text: "select private.smtp_credential($1)",
    values: [login],
  });
  if (found === null || found === undefined) return null;
  const read = row(found, "credential");
  return read.kind === "parsed" ? read.value : null;
}

/** Whether mail may be sent from a *normalised* address. */
export function maySendAs(credential: Credential, address: string): boolean {
  return credential.allowed_addresses.some(
    (allowed) => allowed === address || allowed === `@${domainOf(address)}`,
  );
}
