/**
 * Whose key is whose: mailboxes and accounts of addresses, each with an attestation that this gateway made and has checked.
 *
 * A key whose attestation does not hold is never given out: somebody who can write to the database has slipped it in.
 * [Note: Only attested keys are sealed to]
 */
import { fromB64 } from "@sealpost/shared/bytes.ts";
import type { Primitives } from "@sealpost/shared/crypto/primitives.ts";
import { verifyAttestation } from "@sealpost/shared/crypto/signature.ts";
import { list, nullable, record, type Shape, text, whole } from "@sealpost/shared/wire/shape.ts";
import type { Database } from "../database/database.ts";
import type { Keyring } from "./deployment.ts";

export type AttestedKey = {
  readonly id: string;
  readonly publicKey: Uint8Array;
  readonly keyVersion: number;
};

/** What exists for one address. */
export type KnownKeys = { readonly mailbox: AttestedKey | null; readonly account: AttestedKey | null };

export type Lookup =
  | { kind: "found"; keys: ReadonlyMap<string, KnownKeys> }
  /** Keys whose attestation does not hold, by whose address. */
  | { kind: "forged"; address: string };

export type Directory = {
  /** Keys of normalised addresses; one that is new is in the map with nulls. Throws DatabaseProblem. */
  find(addresses: readonly string[]): Promise<Lookup>;
  /** Forgets what was kept, so that the next lookup asks the database. */
  forget(addresses: readonly string[]): void;
};

/** Addresses kept; a few hundred bytes each. */
const mostKept = 20_000;

/** How long a key is used before the database is asked again. */
const keptMs = 60_000;

type Kept = { readonly keys: KnownKeys; readonly until: number };

export function makeDirectory(ports: {
  readonly database: Database;
  readonly primitives: Primitives;
  readonly keyring: Keyring;
  readonly now: () => number;
}): Directory {
  const kept = new Map<string, Kept>();

  const keep = (address: string, keys: KnownKeys) => {
    if (keys.mailbox === null || keys.account === null) return; // soon to be made
    kept.delete(address);
    kept.set(address, { keys, until: ports.now() + keptMs });
    if (kept.size > mostKept) for (const oldest of kept.keys()) return void kept.delete(oldest);
  };

  return {
    async find(addresses) {
      const now = ports.now();
      const found = new Map<string, KnownKeys>();
      const unknown: string[] = [];
      for (const address of addresses) {
        const known = kept.get(address);
        if (known !== undefined && known.until > now) found.set(address, known.keys);
        else unknown.push(address);
      }
      if (unknown.length === 0) return { kind: "found", keys: found };
      for (const row of await ask(ports.database, unknown)) {
        const keys = await verified(ports, row);
        if (keys === undefined) return { kind: "forged", address: row.address };
        found.set(row.address, keys);
        keep(row.address, keys);
      }
      return { kind: "found", keys: found };
    },
    forget(addresses) {
      for (const address of addresses) kept.delete(address);
    },
  };
}

type KeyRow = {
  readonly id: string;
  readonly public_key: string;
  readonly key_version: number;
  readonly attestation: string;
};
type AccountRow = KeyRow & { readonly status: string };
type Row = {
  readonly address: string;
  readonly mailbox: KeyRow | null;
  readonly account: AccountRow | null;
};

const keyFields = {
  id: text(36),
  public_key: text(200),
  key_version: whole(1, 2_147_483_647),
  attestation: text(200),
};
const rows: Shape<Row[]> = list(
  record<Row>({
    address: text(1_000),
    mailbox: nullable(record<KeyRow>(keyFields)),
    account: nullable(record<AccountRow>({ ...keyFields, status: text(20) })),
  }),
  10_000,
);

async function ask(database: Database, addresses: readonly string[]): Promise<Row[]> {
  const answer = await database.call({
    name: "mail_keys",
    text: "select private.mail_keys($1)",
    values: [addresses],
  });
  const read = rows(answer, "mail_keys");
  if (read.kind === "malformed") throw new Error(`the database answered in another shape: ${read.what}`);
  return read.value;
}

type Ports = { readonly primitives: Primitives; readonly keyring: Keyring };

async function verified(ports: Ports, row: Row): Promise<KnownKeys | undefined> {
  const mailbox = row.mailbox && (await check(ports, "mailbox", row.address, row.mailbox));
  const account = row.account && (await check(ports, "account", row.address, row.account));
  return mailbox === undefined || account === undefined ? undefined : { mailbox, account };
}

async function check(
  { primitives, keyring }: Ports,
  kind: "account" | "mailbox",
  address: string,
  row: KeyRow,
): Promise<AttestedKey | undefined> {
  const publicKey = fromB64(row.public_key);
  const attestation = fromB64(row.attestation);
  if (publicKey === undefined || attestation === undefined) return undefined;
  const attested = { kind, id: row.id, address, publicKey, keyVersion: row.key_version };
  const claim = { attested, attestation };
  const checked = await verifyAttestation(primitives, keyring.signing.publicKey, claim);
  return checked.kind === "opened" ? { id: row.id, publicKey, keyVersion: row.key_version } : undefined;
}
