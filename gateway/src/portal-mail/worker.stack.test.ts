/** The worker when things go wrong: a database that keeps its answer, mails that wait for review. Other gateways may be at work too. */
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { ask, deliveriesOf, eventually, insider, outsider, send } from "../testing/correspondence.ts";
import { startCutProxy } from "../testing/cut-proxy.ts";
import { type GatewayProcess, startGatewayProcess } from "../testing/gateway-process.ts";
import { addGroup, addPolicies } from "../testing/policies.ts";
import { openDevice } from "../testing/portal-device.ts";
import { readNewest } from "../testing/reader.ts";

const stack = inject("stack");
const { superuser } = stack.databaseUrls;
let gateway: GatewayProcess;

beforeAll(async () => {
  gateway = await startGatewayProcess(stack);
});
afterAll(async () => {
  await gateway.stop();
});

const person = (address: string) => ({ name: "", address });

async function bobAnswers() {
  const [alice, bob] = [insider("alice"), outsider("bob")];
  await send(gateway.port, { from: alice, to: bob, subject: "[secure] Plan", text: "x" });
  const [message] = await deliveriesOf(superuser, alice);
  const bobs = await openDevice(stack, bob);
  const draft = { inReplyTo: message?.message_id ?? "", to: [person(alice)] };
  const id = crypto.randomUUID();
  return { alice, bob, bobs, id, sealed: await bobs.seal(id, draft) };
}

test("a gateway that never hears of its commit sends nothing twice, nor does the one after it", async () => {
  const { bob, bobs, id, sealed } = await bobAnswers();
  await gateway.stop();
  const wire = await startCutProxy(stack.databaseUrls.gateway);
  const deaf = await startGatewayProcess(stack, { SEALPOST_DATABASE_URL: wire.url });
  await ask(superuser, sleepyStore);
  try {
    await bobs.hand(id, sealed);
    await eventually(
      () =>
        ask(
          superuser,
          "select from pg_stat_activity where query like '%store_portal_mail%' and wait_event = 'PgSleep'",
        ),
      (rows) => rows.length >= 1,
    );
    wire.holdAnswers();
    await eventually(
      () => bobs.outgoing(id),
      (mail) => mail?.state === "sent",
    );
  } finally {
    await ask(superuser, "drop function private.sleep_a_little() cascade");
  }
  await deaf.kill();
  await wire.stop();
  gateway = await startGatewayProcess(stack);
  await ask(superuser, "update public.portal_mail set claimed_until = now() where state = 'sending'");

  expect(await bobs.hand(id, sealed)).toMatchObject({ kind: "sent" });
  expect(await deliveriesOf(superuser, bob)).toHaveLength(2);
  expect(
    await ask(superuser, "select from public.relay_jobs where sender like 'portal@%' and message_id = $1", [
      (await bobs.outgoing(id))?.message_id,
    ]),
  ).toHaveLength(1);
});

/** The storing transaction pauses before it commits, so that its answer can be held back. */
const sleepyStore = `
  create function private.sleep_a_little() returns trigger language plpgsql as $$ begin perform pg_sleep(1); return null; end $$;
  create trigger sleepy after update of state on public.portal_mail for each row execute function private.sleep_a_little()`;

test("what a policy holds waits, says so, and is never released in plain, though the policy would let it", async () => {
  const [alice, rita, zoe] = [insider("alice"), insider("rita"), outsider("zoe")];
  await send(gateway.port, { from: alice, to: outsider("bob"), subject: "[secure] x", text: "x" });
  const alices = await openDevice(stack, alice);
  const reviewers = await addGroup(superuser, [rita]);
  await addPolicies(superuser, [{ from: alice, action: "hold", reviewers }], async (from) => {
    return (await send(gateway.port, { from, to: outsider("probe"), subject: "x", text: "x" })).code === 550;
  });

  const held = await alices.send({ to: [person(zoe)], subject: "Offer" });
  await ask(superuser, "update public.held_mails set decision = 'release' where sender = $1", [alice]);
  const released = await eventually(
    () => alices.outgoing(held.id),
    (mail) => mail?.state === "sent",
  );

  expect(held).toMatchObject({ state: "held", message_id: null });
  expect(released).toMatchObject({ message_id: expect.any(String), delivery_id: expect.any(String) });
  expect((await readNewest(stack, zoe)).header.subject).toBe("Offer");
});

test("what the reviewers refuse is refused in the portal too, in their words", async () => {
  const [alice, rita] = [insider("alice"), insider("rita")];
  await send(gateway.port, { from: alice, to: outsider("bob"), subject: "[secure] x", text: "x" });
  const alices = await openDevice(stack, alice);
  const reviewers = await addGroup(superuser, [rita]);
  await addPolicies(superuser, [{ from: alice, action: "hold", reviewers }], async (from) => {
    return (await send(gateway.port, { from, to: outsider("probe"), subject: "x", text: "x" })).code === 550;
  });
  const held = await alices.send({ to: [person(outsider("zoe"))] });

  await ask(
    superuser,
    "update public.held_mails set decision = 'refuse', words = 'Not before Friday.' where sender = $1",
    [alice],
  );

  const refused = await eventually(
    () => alices.outgoing(held.id),
    (mail) => mail?.state === "refused",
  );
  expect(refused).toMatchObject({ error: "Not before Friday.", own_copy: expect.any(String) });
});
