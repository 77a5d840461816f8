/** Storing: one mail, one transaction; retries and split transactions meet their earlier half, and nothing is half there. */
import { randomBytes, randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { accountOf, foundTown, letterOf, mailboxOf, type Person, storeLetter, type Town } from "./town.ts";

let town: Town;
let ann: Person;
let bob: Person;
let carl: Person;

beforeAll(async () => {
  town = await foundTown();
  [ann, bob, carl] = await Promise.all([town.settle("ann"), town.settle("bob"), town.settle("carl")]);
});
afterAll(() => town.leave());

async function deliveriesOf(mailMac: Buffer): Promise<string[]> {
  const rows = await town.admin.query(
    "select kind || ' ' || address as line from public.deliveries where mail_mac = $1 order by 1",
    [mailMac],
  );
  return rows.rows.map((row) => row.line);
}

async function count(table: string): Promise<number> {
  return Number((await town.admin.query(`select count(*) from ${table}`)).rows[0].count);
}

const stranger = (name: string): Person => ({
  id: randomUUID(),
  address: `${name}@example.net`,
  mailboxId: randomUUID(),
});

test("a retry of a stored mail answers duplicate and adds nothing", async () => {
  const mailMac = randomBytes(32);
  await storeLetter(town.gateway, letterOf({ from: ann, to: [bob], mailMac }));
  const before = [await count("public.messages"), await count("public.notices")];

  const answer = await storeLetter(town.gateway, letterOf({ from: ann, to: [bob], mailMac }));

  expect(answer).toEqual({ kind: "duplicate" });
  expect([await count("public.messages"), await count("public.notices")]).toEqual(before);
});

test("the second half of a mail that the sending server split reaches its own recipients, and nobody twice", async () => {
  const mailMac = randomBytes(32);
  await storeLetter(town.gateway, letterOf({ from: ann, to: [bob], mailMac }));

  const answer = await storeLetter(town.gateway, letterOf({ from: ann, to: [bob, carl], mailMac }));

  expect(answer).toEqual({ kind: "stored", deliveries: 1 });
  expect(await deliveriesOf(mailMac)).toEqual([
    "sender ann@example.org",
    "to bob@example.org",
    "to carl@example.org",
  ]);
});

test("eight gateways storing one mail at once store it once", async () => {
  const mailMac = randomBytes(32);
  const tries = Array.from({ length: 8 }, () =>
    storeLetter(town.gateway, letterOf({ from: ann, to: [bob, carl], mailMac })),
  );

  const kinds = (await Promise.all(tries)).map((answer) => answer.kind).sort();

  expect(kinds).toEqual([...Array(7).fill("duplicate"), "stored"]);
  expect(await deliveriesOf(mailMac)).toHaveLength(3);
});

test("a first contact is stored with its account, mailbox, notice and invitation; both mails are due at once", async () => {
  const dora = stranger("dora");
  const letter = letterOf({ from: ann, to: [dora] });
  letter.accounts.push(accountOf(dora));
  letter.mailboxes.push(mailboxOf(dora));

  await storeLetter(town.gateway, letter);

  const notices = await town.admin.query("select kind from public.notices where address = $1 order by kind", [
    dora.address,
  ]);
  expect(notices.rows.map((row) => row.kind)).toEqual(["message", "temporary_password"]);
});

test("two first contacts at once make one mailbox; the later one is told to seal again", async () => {
  const first = stranger("emil");
  const second = { ...stranger("emil") };
  const letters = [first, second].map((person) => {
    const letter = letterOf({ from: ann, to: [person] });
    letter.accounts.push(accountOf(person));
    letter.mailboxes.push(mailboxOf(person));
    return storeLetter(town.gateway, letter);
  });

  const results = await Promise.allSettled(letters);

  expect(results.map((result) => result.status).sort()).toEqual(["fulfilled", "rejected"]);
  expect(results.find((result) => result.status === "rejected")).toMatchObject({ reason: { code: "SP001" } });
});

test("a mail that cannot be stored whole leaves nothing behind", async () => {
  const finn = stranger("finn");
  const letter = letterOf({ from: ann, to: [finn] });
  letter.accounts.push(accountOf(finn)); // but no mailbox: the delivery has nothing to point at

  await expect(storeLetter(town.gateway, letter)).rejects.toThrow(/foreign key|violates/);

  const left = await town.admin.query("select 1 from public.accounts where address = $1", [finn.address]);
  expect(left.rows).toEqual([]);
});

test("a large attachment is stored with its object, and refused once the sweep has taken the object", async () => {
  const [kept, swept] = [randomUUID(), randomUUID()];
  await town.gateway.query(
    "select private.reserve_upload($1, 1000000), private.reserve_upload($2, 1000000)",
    [kept, swept],
  );
  await town.admin.query("update private.uploads set delete_after = now() where object_name = $1", [swept]);

  await storeLetter(town.gateway, letterOf({ from: ann, to: [bob], objectName: kept }));
  const late = storeLetter(town.gateway, letterOf({ from: ann, to: [bob], objectName: swept }));

  await expect(late).rejects.toMatchObject({ code: "SP002" });
});

test("an internal recipient's copy is relayed once, also when the mail is split", async () => {
  const mailMac = randomBytes(32);
  const relay = () => ({ id: randomUUID(), sender: ann.address, recipients: ["carol@acme.example"] });
  const withCopy = (to: Person[]) => {
    const letter = letterOf({ from: ann, to, mailMac });
    const copy = {
      ...letter.deliveries[0]!,
      id: randomUUID(),
      address: "carol@acme.example",
      channel: "mail",
    };
    return {
      ...letter,
      relay: relay(),
      deliveries: [...letter.deliveries, { ...copy, mailbox_id: null, key_version: null } as never],
    };
  };

  await storeLetter(town.gateway, withCopy([bob]));
  await storeLetter(town.gateway, withCopy([carl]));

  const jobs = await town.admin.query("select recipients from public.relay_jobs where mail_mac = $1", [
    mailMac,
  ]);
  expect(jobs.rows).toEqual([{ recipients: ["carol@acme.example"] }]);
});

test("what is signed cannot be edited in the dashboard, and the sentence says what to do instead", async () => {
  const { messageId } = await town.send({ from: ann, to: [bob] });

  const edit = town.admin.query("update public.messages set controls = '{}' where id = $1", [messageId]);

  await expect(edit).rejects.toThrow(/shorten expires_at or set recalled_at instead/);
});
