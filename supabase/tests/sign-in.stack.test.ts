/** Sign-in in the database: attempts are counted, wraps are promoted only with their password, side doors of Auth are shut. */
import { randomBytes, randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { foundTown, type Person, type Town } from "./town.ts";

let town: Town;
beforeAll(async () => {
  town = await foundTown();
});
afterAll(() => town.leave());

const attempt = async (address: Buffer, network = randomBytes(32)): Promise<number> =>
  (await town.admin.query("select private.begin_sign_in($1, $2) as seconds", [address, network])).rows[0]
    .seconds;

async function userOf(person: Person, wrap: string | null = null): Promise<void> {
  await town.platform.query(
    `insert into auth.users (id, email, encrypted_password, raw_app_meta_data, aud, role)
     values ($1, $2, 'hash of the first', $3, 'authenticated', 'authenticated')`,
    [person.id, person.address, wrap === null ? {} : { sealpost_wrap: wrap }],
  );
}

async function pendingWrap(
  person: Person,
  purpose: "temporary" | "chosen",
  wrapped: string,
): Promise<string> {
  const added = await town.admin.query("select private.add_pending_wrap($1, $2, $3) as id", [
    person.id,
    purpose,
    Buffer.from(wrapped),
  ]);
  return added.rows[0].id;
}

async function accountNow(person: Person) {
  const rows = await town.admin.query(
    "select status, convert_from(wrapped_key, 'utf8') as wrapped, invite_sealed is null as invite_gone from public.accounts where id = $1",
    [person.id],
  );
  return rows.rows[0];
}

test("the sixth attempt on an address within 15 minutes is locked out, whether the address exists or not", async () => {
  const address = randomBytes(32);

  const answers = [];
  for (let i = 0; i < 6; i += 1) answers.push(await attempt(address));

  expect(answers.slice(0, 5)).toEqual([0, 0, 0, 0, 0]);
  expect(answers[5]).toBeGreaterThan(890);
});

test("twenty guesses at once get five tries", async () => {
  const address = randomBytes(32);

  const answers = await Promise.all(Array.from({ length: 20 }, () => attempt(address)));

  expect(answers.filter((seconds) => seconds === 0)).toHaveLength(5);
});

test("a lock-out ends after its time, and a right password clears the count", async () => {
  const [address, person] = [randomBytes(32), await town.settle("lea")];
  for (let i = 0; i < 6; i += 1) await attempt(address);

  await town.admin.query(
    "update private.attempts set locked_until = now() - interval '1 second' where mac = $1",
    [address],
  );
  expect(await attempt(address)).toBe(0);
  const trusted = await town.admin.query("select private.finish_sign_in($1, $2, $3) as ok", [
    address,
    randomUUID(),
    person.id,
  ]);

  expect(trusted.rows[0].ok).toBe(true);
  const left = await town.admin.query("select 1 from private.attempts where mac = $1", [address]);
  expect(left.rows).toEqual([]);
});

test("one network guessing at many addresses is locked out too", async () => {
  const network = randomBytes(32);

  let last = 0;
  for (let i = 0; i < 101; i += 1) last = await attempt(randomBytes(32), network);

  expect(last).toBeGreaterThan(0);
});

test("a temporary password past its life and a suspended account are refused though the password is right", async () => {
  const [ivy, sam] = [await town.settle("ivy", "invited"), await town.settle("sam")];
  const finish = async (person: Person) =>
    (
      await town.admin.query("select private.finish_sign_in($1, $2, $3) as ok", [
        randomBytes(32),
        randomUUID(),
        person.id,
      ])
    ).rows[0].ok;
  expect(await finish(ivy)).toBe(true);

  await town.admin.query("update public.accounts set temporary_password_expires_at = now() where id = $1", [
    ivy.id,
  ]);
  await town.admin.query("update public.accounts set status = 'suspended' where id = $1", [sam.id]);

  expect([await finish(ivy), await finish(sam)]).toEqual([false, false]);
});

test("the chosen password's wrap is promoted in the transaction that sets it, and activates", async () => {
  const ivy = await town.settle("iris", "invited");
  await userOf(ivy, await pendingWrap(ivy, "temporary", "temporary wrap"));
  expect(await accountNow(ivy)).toEqual({ status: "invited", wrapped: "temporary wrap", invite_gone: false });

  const wrap = await pendingWrap(ivy, "chosen", "chosen wrap");
  await town.platform.query(
    "update auth.users set encrypted_password = 'hash of the second', raw_app_meta_data = $2 where id = $1",
    [ivy.id, { sealpost_wrap: wrap }],
  );

  expect(await accountNow(ivy)).toEqual({ status: "active", wrapped: "chosen wrap", invite_gone: true });
});

test("the order in which Auth writes password and metadata does not matter, as long as it is one transaction", async () => {
  for (const order of ["password first", "metadata first"]) {
    const person = await town.settle(order.replace(" ", "-"));
    await userOf(person);
    const wrap = await pendingWrap(person, "chosen", "chosen wrap");
    const writes = [
      "update auth.users set encrypted_password = 'hash of the second' where id = $1",
      `update auth.users set raw_app_meta_data = '{"sealpost_wrap":"${wrap}"}' where id = $1`,
    ];
    if (order === "metadata first") writes.reverse();

    const client = await town.platform.connect();
    await client.query("begin");
    for (const write of writes) await client.query(write, [person.id]);
    await client.query("commit");
    client.release();

    expect((await accountNow(person)).wrapped, order).toBe("chosen wrap");
  }
});

test("Auth's own re-hash of a password, with a wrap pending, promotes nothing", async () => {
  const bob = await town.settle("bob");
  await userOf(bob);
  await pendingWrap(bob, "chosen", "never confirmed");

  await town.platform.query(
    "update auth.users set encrypted_password = 'same password, new cost' where id = $1",
    [bob.id],
  );

  expect((await accountNow(bob)).wrapped).not.toBe("never confirmed");
});

test("a password set past the portal is refused, or its owner would be shut out of their own mail", async () => {
  const bob = await town.settle("ben");
  const hash = (letter: string, scheme = "2a$10") => `$${scheme}$${letter.repeat(53)}`;
  await userOf(bob);
  const set = (to: string) =>
    town.platform.query("update auth.users set encrypted_password = $2 where id = $1", [bob.id, to]);
  await set(hash("a", "2a$12"));
  await set(hash("b")); // what Auth does at sign-in: same password, other cost

  for (const other of [hash("c"), hash("c", "2b$10")]) {
    await expect(set(other)).rejects.toThrow("A password is changed in the portal only");
  }
  await pendingWrap(bob, "chosen", "on its way");
  await set(hash("c"));
});

test("naming a pending wrap without setting the password promotes nothing", async () => {
  const bea = await town.settle("bea");
  await userOf(bea);
  const wrap = await pendingWrap(bea, "chosen", "never confirmed");

  await town.platform.query("update auth.users set raw_app_meta_data = $2 where id = $1", [
    bea.id,
    { sealpost_wrap: wrap },
  ]);

  expect((await accountNow(bea)).wrapped).not.toBe("never confirmed");
});

test("Auth takes nobody whom the gateway did not make an account for, and no address or phone changes", async () => {
  const cleo = await town.settle("cleo");
  await userOf(cleo);
  const stranger = { id: randomUUID(), address: "stranger@example.org", mailboxId: randomUUID() };

  await expect(userOf(stranger)).rejects.toThrow(/Sign-up is shut/);
  await expect(userOf({ ...cleo, id: randomUUID() })).rejects.toThrow(/Sign-up is shut/);
  for (const change of [
    "email = 'other@example.org'",
    "phone = '+4912345'",
    "email_change = 'other@example.org'",
  ]) {
    await expect(
      town.platform.query(`update auth.users set ${change} where id = $1`, [cleo.id]),
      change,
    ).rejects.toThrow(/cannot be changed|is shut/);
  }
});
