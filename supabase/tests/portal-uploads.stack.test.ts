/** Uploads for mail from the portal: whose they are, how much, and who fetches them. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { hand, reserve, upload } from "./outbox.ts";
import { foundTown, type Person, type Session, type Town } from "./town.ts";

let town: Town;
let bob: Person;
let eve: Person;
let bobs: Session;
let eves: Session;

beforeAll(async () => {
  town = await foundTown();
});
afterAll(() => town.leave());
beforeEach(async () => {
  const one = randomUUID().slice(0, 8);
  [bob, eve] = [await town.settle(`bob-${one}`), await town.settle(`eve-${one}`)];
  [bobs, eves] = [await town.signIn(bob), await town.signIn(eve)];
});

test("a piece has one name until it is there; only its owner puts it there, and only once it is reserved", async () => {
  const mail = randomUUID();
  const first = await reserve(town, bobs, { mail });

  expect(first).toMatchObject({ kind: "reserved", uploaded: false });
  await expect(upload(town, eves, first.name)).rejects.toThrow("row-level security");
  await expect(upload(town, bobs, randomUUID())).rejects.toThrow("row-level security");
  await upload(town, bobs, first.name);
  expect(await reserve(town, bobs, { mail })).toEqual({ ...first, uploaded: true });
  expect((await reserve(town, eves, { mail })).name).not.toBe(first.name);
});

test("a mail with an upload that is not there, or is Eve's, is not taken, and the missing are named", async () => {
  const [mail, another] = [randomUUID(), randomUUID()];
  const { name } = await reserve(town, bobs, { mail });
  const { name: elsewhere } = await reserve(town, eves, { mail: another });
  await upload(town, eves, elsewhere);

  expect(await hand(town, bobs, mail, [name, elsewhere])).toEqual({
    kind: "upload-missing",
    objects: expect.arrayContaining([name, elsewhere]),
  });
  await upload(town, bobs, name);
  expect(await hand(town, bobs, mail, [name, elsewhere])).toEqual({
    kind: "upload-missing",
    objects: [elsewhere],
  });
  expect(await hand(town, bobs, mail, [name])).toMatchObject({ kind: "sending" });
});

test("uploads stop at the size of an attachment, of a mail, and at Bob's quota, and count as large as they are", async () => {
  const piece = 4_194_304;
  const fill = async (mail: string, part: number, pieces: number) => {
    const kinds: string[] = [];
    for (let at = 0; at < pieces; at++)
      kinds.push((await reserve(town, bobs, { mail, part, piece: at, bytes: piece })).kind);
    return kinds;
  };
  const mail = randomUUID();

  expect((await fill(mail, 1, 6)).filter((kind) => kind === "reserved")).toHaveLength(5); // 25 MB
  expect(await fill(mail, 2, 5)).toEqual(Array(5).fill("reserved"));
  expect(await fill(mail, 3, 3)).toEqual(["reserved", "too-large", "too-large"]); // 50 MB
  for (let more = 0; more < 8; more++) await fill(randomUUID(), 1, 5);
  const full = randomUUID();
  expect(await fill(full, 1, 2)).toEqual(["over-quota", "over-quota"]);
  expect(await reserve(town, eves, { mail: randomUUID() })).toMatchObject({ kind: "reserved" });

  await town.as(bobs, "select public.drop_portal_uploads($1)", [mail]);
  const small = await reserve(town, bobs, { mail: full, part: 9, bytes: 1 });
  await upload(town, bobs, small.name, 30_000_000); // says one byte, brings more

  expect(await reserve(town, bobs, { mail: full, part: 9, piece: 1, bytes: 1 })).toEqual({
    kind: "too-large",
  });
});

test("the machine account fetches what was sent off, and neither drafts nor, as a person, anything", async () => {
  const machine = { id: randomUUID(), address: `${randomUUID()}@machine.example`, mailboxId: "" };
  await town.admin.query("select private.add_machine_account($1, $2)", [machine.id, machine.address]);
  const machines = await town.signIn(machine, { trusted: false });
  const [sent, draft] = [randomUUID(), randomUUID()];
  const names = await Promise.all(
    [sent, draft].map(async (mail) => (await reserve(town, bobs, { mail })).name),
  );
  for (const name of names) await upload(town, bobs, name);
  await hand(town, bobs, sent, [names[0]]);
  const seen = (session: Session) =>
    town.as(session, "select name from storage.objects where name = any ($1)", [names]);

  expect(await seen(machines)).toEqual([{ name: names[0] }]);
  expect(await seen(bobs)).toEqual([]);
  expect(await seen(eves)).toEqual([]);
  await expect(
    upload(town, machines, (await reserve(town, bobs, { mail: draft, part: 2 })).name),
  ).rejects.toThrow("row-level security");
});
