/**
 * What a new deployment holds before its first mail: its domains, the machine that uploads attachments, and, where the
 * operator named no domains of their own, the people of the demo.
 */
import { webCryptoPrimitives } from "@sealpost/shared/crypto/webcrypto.ts";
import type { Client } from "pg";
import type { Deployment } from "../deployment/keys.ts";
import { demoDomain, type Organisation } from "../deployment/settings.ts";
import { withClient } from "../postgres/platform.ts";
import { type AuthUsers, authUsers } from "./auth-users.ts";
import { makePerson, type Person } from "./person.ts";

export const demoPeople: readonly Person[] = [
  { address: `alice@${demoDomain}`, name: "Alice" },
  { address: `carol@${demoDomain}`, name: "Carol" },
];

/** Seeds what is missing; `databaseUrl` is that of role postgres. Changes nothing the second time. */
export async function seed(options: {
  databaseUrl: string;
  apiUrl: string;
  deployment: Deployment;
  organisation: Organisation;
}): Promise<void> {
  const { deployment, organisation } = options;
  const users = authUsers(options.apiUrl, deployment.serviceRoleKey);
  await withClient(options.databaseUrl, async (database) => {
    await nameOrganisation(database, organisation);
    await addMachine(database, users, deployment);
    if (organisation.demo === null) return;
    const primitives = webCryptoPrimitives(globalThis.crypto);
    for (const person of demoPeople) {
      await makePerson(person, organisation.demo.password, { database, users, deployment, primitives });
    }
  });
}

async function nameOrganisation(database: Client, { domains, name }: Organisation): Promise<void> {
  await database.query(
    "insert into public.domains (domain) select unnest($1::text[]) on conflict do nothing",
    [domains],
  );
  await database.query(
    "update public.settings set organisation_name = $1 where organisation_name = 'Sealpost' and $1 <> 'Sealpost'",
    [name],
  ); // an administrator's own choice stays
}

async function addMachine(database: Client, users: AuthUsers, { machine }: Deployment): Promise<void> {
  const found = await database.query("select from auth.users where id = $1", [machine.id]);
  if (found.rowCount === 1) return;
  await database.query("select private.add_machine_account($1, $2)", [machine.id, machine.email]);
  await users.put({ ...machine, wrap: null });
}
