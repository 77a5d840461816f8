/** Whom Bob may not write to from the portal, and who cannot pass for him. */
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { aliceWrites, person } from "../testing/alice-and-bob.ts";
import { ask, deliveriesOf, eventually, insider, outsider, send } from "../testing/correspondence.ts";
import { type GatewayProcess, startGatewayProcess } from "../testing/gateway-process.ts";
import { openDevice } from "../testing/portal-device.ts";

const stack = inject("stack");
const { superuser } = stack.databaseUrls;
let gateway: GatewayProcess;

beforeAll(async () => {
  gateway = await startGatewayProcess(stack);
});
afterAll(async () => {
  expect(await gateway.stop()).toBe(0);
});

test("Bob may not write to strangers, and the answer is the same whether they exist or not", async () => {
  const { bob, alice, answered } = await aliceWrites(stack, gateway.port);
  const other = await aliceWrites(stack, gateway.port);
  const bobs = await openDevice(stack, bob);
  const words = async (to: string, draft: object = {}) => {
    const { state, error } = await bobs.send({ to: [person(to)], ...draft });
    return { state, error: error?.replace(to, "X") };
  };

  const [known, unknown] = [await words(other.alice), await words(insider("nobody-here"))];
  const [fellow, stranger] = [await words(other.bob), await words(outsider("stranger"))];
  const inThread = await words(other.bob, { kind: "reply-all", inReplyTo: answered });

  expect(known).toEqual({
    state: "refused",
    error: "You can write to people of Acme who have written to you, but not to X.",
  });
  expect(unknown).toEqual(known);
  expect([fellow, stranger]).toEqual([known, known]);
  expect(inThread).toMatchObject({ state: "refused" });
  expect(await words(alice)).toMatchObject({ state: "sent" });
});

test("a message that is not Bob's cannot be answered, as one that never was", async () => {
  const { bob } = await aliceWrites(stack, gateway.port);
  const others = await aliceWrites(stack, gateway.port);
  const bobs = await openDevice(stack, bob);

  const foreign = await bobs.send({ inReplyTo: others.answered, to: [person(others.alice)] });
  const never = await bobs.send({ inReplyTo: crypto.randomUUID(), to: [person(others.alice)] });

  expect(foreign.error).toBe("The message that you answer is not there any more.");
  expect(never).toMatchObject({ state: "refused", error: foreign.error });
});

test("no-reply, no-reply-all and expiry are said in a sentence, and the refused mail can be mended on the device", async () => {
  const carol = insider("carol");
  const refusedWords = async (subject: string, kind: "reply" | "reply-all", end = false) => {
    const [alice, bob] = [insider("alice"), outsider("bob")];
    await send(gateway.port, { from: alice, to: bob, cc: carol, subject, text: "x" });
    const [message] = await deliveriesOf(superuser, alice);
    if (end)
      await ask(superuser, "update public.messages set recalled_at = now() where id = $1", [
        message?.message_id,
      ]);
    const bobs = await openDevice(stack, bob);
    const cc = kind === "reply-all" ? [person(carol)] : [];
    const sent = await bobs.send({
      kind,
      inReplyTo: message?.message_id ?? "",
      to: [person(alice)],
      cc,
      text: "mine",
    });
    const copy = sent.own_copy === null ? null : await bobs.readOwnCopy(sent);
    return { state: sent.state, error: sent.error, copy: copy?.kind === "opened" ? copy.value.text : null };
  };

  expect(await refusedWords("[secure no-reply] x", "reply")).toEqual({
    ...{ state: "refused", copy: "mine" },
    error: "The sender does not allow replies to this message.",
  });
  expect(await refusedWords("[secure no-reply-all] x", "reply-all")).toMatchObject({ state: "refused" });
  expect(await refusedWords("[secure no-reply-all] x", "reply")).toMatchObject({ state: "sent" });
  expect(await refusedWords("[secure] x", "reply", true)).toMatchObject({
    ...{ state: "refused", copy: "mine" },
    error: "The message that you answer has ended, so it can no longer be answered.",
  });
});

test("a parcel that Eve sealed, or that was sealed for another mail, is refused", async () => {
  const { alice, bob, answered } = await aliceWrites(stack, gateway.port);
  const eve = await openDevice(stack, (await aliceWrites(stack, gateway.port)).bob);
  const bobs = await openDevice(stack, bob);
  const draft = { inReplyTo: answered, to: [person(alice)] };
  const [id, moved] = [crypto.randomUUID(), crypto.randomUUID()];

  await bobs.hand(id, await bobs.seal(id, draft, eve.account.keyPair));
  await bobs.hand(moved, await bobs.seal(crypto.randomUUID(), draft));

  for (const mail of [id, moved]) {
    const ended = await eventually(
      () => bobs.outgoing(mail),
      (row) => row?.state !== "sending",
    );
    expect(ended).toMatchObject({
      ...{ state: "refused", message_id: null },
      error: "This mail could not be verified as yours. Sign in again, and send it once more.",
    });
  }
  expect(await deliveriesOf(superuser, bob)).toEqual([]);
});

test("a key that somebody swapped in the database makes nobody Bob", async () => {
  const { alice, bob, answered } = await aliceWrites(stack, gateway.port);
  const eve = await openDevice(stack, (await aliceWrites(stack, gateway.port)).bob);
  const bobs = await openDevice(stack, bob);
  const draft = { inReplyTo: answered, to: [person(alice)] };
  const id = crypto.randomUUID();
  const other = await startGatewayProcess(stack); // has not kept Bob's true key
  await gateway.stop();
  await ask(
    superuser,
    "update public.accounts set public_key = (select public_key from public.accounts where address = $2) where address = $1",
    [bob, eve.address],
  );

  await bobs.hand(id, await bobs.seal(id, draft, eve.account.keyPair));
  const ended = await eventually(
    () => bobs.outgoing(id),
    (row) => row?.state !== "sending",
  );

  expect(ended?.state).toBe("refused");
  gateway = other;
});
