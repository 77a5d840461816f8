import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { ask, deliveriesOf, eventually, insider, outsider, send } from "../testing/correspondence.ts";
import { type GatewayProcess, startGatewayProcess } from "../testing/gateway-process.ts";
import { caughtFor, lettersTo } from "../testing/mail-catcher.ts";
import { addGroup, addPolicies, verdictsAbout } from "../testing/policies.ts";
import { readNewest } from "../testing/reader.ts";

const stack = inject("stack");
const { superuser } = stack.databaseUrls;
let gateways: GatewayProcess[];

beforeAll(async () => {
  gateways = [await startGatewayProcess(stack), await startGatewayProcess(stack)];
});
afterAll(async () => {
  expect(await Promise.all(gateways.map((gateway) => gateway.stop()))).toEqual([0, 0]);
});

type Held = { id: string; state: string; content: Buffer | null; sender: string; recipients: string[] };

/** Ann's mail to Bob is held for Rita, in a rule of their own. */
async function holds(own: Readonly<Record<string, unknown>> = {}) {
  const [ann, bob, rita] = [insider("ann"), outsider("bob"), insider("rita")];
  const reviewers = await addGroup(superuser, [rita]);
  const port = gateways[0]?.port ?? 0;
  const isRefused = async (from: string) =>
    (await send(port, { from, to: outsider("probe"), subject: "Probe", text: "x" })).code === 550;
  const [policy] = await addPolicies(
    superuser,
    [{ from: ann, action: "hold", reviewers, ...own }],
    isRefused,
  );
  const mail = {
    ...{ from: `Ann <${ann}>`, to: bob, subject: "Offer", text: "Two million.", date: new Date(0) },
    messageId: `<${ann}>`,
  };
  const answer = await send(port, mail);
  const look = async () => {
    const [row] = await ask<Held>(superuser, "select * from public.held_mails where sender = $1", [ann]);
    return row;
  };
  return { ann, bob, rita, policy, answer, look, again: () => send(port, mail) };
}

async function decide(sender: string, decision: string, words: string | null = null): Promise<void> {
  await ask(superuser, "update public.held_mails set decision = $2, words = $3 where sender = $1", [
    ...[sender, decision, words],
  ]);
}

async function subjectsTo(address: string): Promise<string[]> {
  return (await lettersTo(stack, address)).map(({ subject }) => subject).sort();
}

test.concurrent("held mail is read by its reviewer alone: Bob gets nothing, the store holds no word, Ann is told, and the log has its line", async () => {
  const { ann, bob, rita, policy, answer, look } = await holds();

  expect(answer).toMatchObject({ code: 250, text: expect.stringContaining("Held for review") });
  const copy = await readNewest(stack, rita);
  expect(copy.header.subject).toBe("Offer");
  expect(copy.body.text).toContain("Two million.");
  expect(copy.controls).toMatchObject({ print: false, reply: false });
  await expect(readNewest(stack, bob)).rejects.toThrow("has no mailbox");
  expect(await caughtFor(stack, bob)).toEqual([]);
  expect((await look())?.content?.includes("million")).toBe(false);
  await eventually(
    () => subjectsTo(ann),
    (subjects) => subjects.length === 1 && subjects[0] === "Your mail waits for review",
  );
  expect(await verdictsAbout(superuser, ann)).toMatchObject([
    { verdict: "held", policy, recipients: [bob], message_id: null },
  ]);
});

test.concurrent("the same mail again is held once, with one copy for the reviewer and one letter", async () => {
  const { ann, rita, again } = await holds();

  const answer = await again();

  expect(answer).toMatchObject({ code: 250, text: expect.stringContaining("Held before") });
  expect(
    await ask(superuser, "select from public.deliveries where address = $1 and kind = 'review'", [rita]),
  ).toHaveLength(1);
  expect(await ask(superuser, "select from public.held_mails where sender = $1", [ann])).toHaveLength(1);
});

test.concurrent("an administrator releases it unseen: it is secured once, though two gateways watch, and Ann is told", async () => {
  const { ann, bob, rita, policy, look } = await holds({ definition: "7-days" });

  await decide(ann, "release");

  await eventually(look, (held) => held?.state === "released");
  expect((await look())?.content).toBeNull();
  const message = await readNewest(stack, bob);
  expect(message.body.text).toContain("Two million.");
  expect((await deliveriesOf(superuser, ann)).map(({ kind }) => kind)).toEqual(["to", "sender", "review"]);
  const [row] = await ask<{ definition: string }>(
    superuser,
    "select m.definition from public.messages m join public.deliveries d on d.message_id = m.id where d.address = $1",
    [bob],
  );
  expect(row?.definition).toBe("7-days");
  await eventually(
    () => subjectsTo(ann),
    (subjects) => subjects.length === 2 && subjects.includes("Your mail was released"),
  );
  expect(await verdictsAbout(superuser, ann)).toMatchObject([
    { verdict: "held" },
    { verdict: "secured", policy },
  ]);
  const [review] = await ask<{ ended: boolean }>(
    superuser,
    `select m.expires_at <= now() as ended from public.messages m join public.deliveries d on d.message_id = m.id
     where d.address = $1 and d.kind = 'review'`,
    [rita],
  );
  expect(review?.ended).toBe(true);
});

test.concurrent("where nothing asks for security, what is released goes out as ordinary mail, once", async () => {
  const { ann, bob, look } = await holds();

  await decide(ann, "release");

  await eventually(
    () => caughtFor(stack, bob),
    (mails) => mails.some(({ text }) => text.includes("Two million.")),
  );
  expect((await look())?.state).toBe("released");
  expect((await caughtFor(stack, bob)).filter(({ subject }) => subject === "Offer")).toHaveLength(1);
});

test.concurrent("a refusal reaches Ann with its reason, and nobody else gets anything", async () => {
  const { ann, bob, look } = await holds();

  await decide(ann, "refuse", "Ask legal first.");

  await eventually(look, (held) => held?.state === "refused");
  const letters = await eventually(
    () => lettersTo(stack, ann),
    (found) => found.length === 2,
  );
  expect(letters.map(({ text }) => text).join()).toContain("Ask legal first.");
  expect((await caughtFor(stack, bob)).filter(({ subject }) => subject === "Offer")).toEqual([]);
  await expect(decide(ann, "release")).rejects.toThrow("This mail was refused already");
});

test.concurrent("what nobody decides about in time goes back to Ann", async () => {
  const { ann, look } = await holds();

  await ask(superuser, "update public.held_mails set decide_by = now() where sender = $1", [ann]);

  await eventually(look, (held) => held?.state === "returned");
  await eventually(
    () => subjectsTo(ann),
    (subjects) => subjects.includes("Your mail was not sent: nobody reviewed it in time"),
  );
});
