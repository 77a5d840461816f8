import { createSecretKey } from "node:crypto";
import { sealParcel } from "@sealpost/shared/crypto/parcel.ts";
import { expect, test } from "vitest";
import type { Call, Database } from "../database/database.ts";
import { nativePrimitives } from "../seal/native.ts";
import { makeRelayJobs } from "./jobs.ts";
import type { Handed, NextHop } from "./next-hop.ts";
import type { Envelope } from "./transaction.ts";

const primitives = nativePrimitives();
const ann = "ann@acme.example";
const [bob, carol] = ["bob@acme.example", "carol@acme.example"];
const no = { code: 550, text: "5.1.1 no such user" };
const yes = { code: 250, text: "2.0.0 ok" };

/** One job for Bob and Carol in a database of its own, and a next hop that answers as told; gives what was sent and recorded. */
async function runOnce(answers: readonly Handed[], ageMs = 0, sender = ann) {
  const bare = await primitives.generateBareKey();
  const [gateway, signing] = [await primitives.importKeyPair(bare), await primitives.importSigningKey(bare)];
  if (gateway === undefined || signing === undefined) throw new Error("no keys");
  const id = crypto.randomUUID();
  const bytes = Buffer.from(`From: ${ann}\r\nBcc: hidden@elsewhere.example\r\nSubject: x\r\n\r\nbody\r\n`);
  const place = { role: "relay-job", ids: [id] } as const;
  const sealed = Buffer.from(await sealParcel(primitives, { to: gateway.publicKey, place, bytes }));
  const job = { id, sender, recipients: [bob, carol], attempts: 1, created_at_ms: 1_000 };
  const finished = Promise.withResolvers<Call["values"]>();
  let claimed = false;
  const database: Database = {
    async call({ name, values }) {
      if (name === "finish_relay_job") finished.resolve(values);
      if (name !== "claim_relay_jobs" || claimed) return [];
      claimed = true;
      return [job];
    },
    callBytes: async () => sealed,
    isUp: async () => true,
    close: async () => {},
  };
  const sent: { envelope: Envelope; mail: string }[] = [];
  const nextHop: NextHop = {
    async send(envelope, mail) {
      sent.push({ envelope, mail: mail.toString() });
      return answers[sent.length - 1] ?? { kind: "away", what: "ECONNREFUSED" };
    },
    close: () => {},
  };
  const macKey = createSecretKey(Buffer.alloc(32));
  const keys = {
    deploymentId: id,
    signing,
    gateway,
    invitePublicKey: bare.publicKey,
    recoveryPublicKey: null,
    macKey,
  };
  const jobs = makeRelayJobs({
    ...{
      database,
      primitives,
      nextHop,
      keyring: keys,
      hostname: "mx",
      noticeDomain: "sealpost.acme.example",
    },
    newId: () => crypto.randomUUID(),
    now: () => 1_000 + ageMs,
    log: () => {},
  });
  jobs.wake();
  const [, done, failed, error] = await finished.promise;
  await jobs.stop();
  return { sent, done, failed, error };
}

test("a job that the next hop takes is done for everybody", async () => {
  const { sent, done, failed } = await runOnce([{ kind: "taken", reply: yes, refusals: [] }]);

  expect(sent).toMatchObject([
    { envelope: { from: ann, to: [bob, carol] }, mail: expect.stringContaining("body") },
  ]);
  expect({ done, failed }).toEqual({ done: [bob, carol], failed: [] });
});

test("while the next hop is away nobody is done, nobody failed, and the administrator sees why", async () => {
  const { done, failed, error } = await runOnce([{ kind: "away", what: "ECONNREFUSED" }]);

  expect({ done, failed }).toEqual({ done: [], failed: [] });
  expect(error).toContain("ECONNREFUSED");
});

test("Carol, who does not exist, is bounced to Ann without the hidden recipients, and only then counts as failed", async () => {
  const refusal: Handed = { kind: "taken", reply: yes, refusals: [{ address: carol, reply: no }] };

  const told = await runOnce([refusal, { kind: "taken", reply: yes, refusals: [] }]);
  const untold = await runOnce([refusal, { kind: "away", what: "ECONNREFUSED" }]);

  expect(told).toMatchObject({ done: [bob], failed: [carol] });
  expect(told.sent[1]?.envelope).toMatchObject({ from: "", to: [ann] });
  expect(told.sent[1]?.mail).toContain("Final-Recipient: rfc822; carol@acme.example");
  expect(told.sent[1]?.mail).not.toContain("hidden@elsewhere.example");
  expect(untold).toMatchObject({ done: [bob], failed: [] });
});

test("after two days of an absent next hop the job is bounced as soon as somebody takes the bounce", async () => {
  const twoDaysMs = 48 * 3_600_000 + 1;

  const { failed } = await runOnce(
    [
      { kind: "away", what: "x" },
      { kind: "taken", reply: yes, refusals: [] },
    ],
    twoDaysMs,
  );

  expect(failed).toEqual([bob, carol]);
});

test("what comes from the portal is not bounced by mail: its writer sees in Sent who did not get it", async () => {
  const refusal: Handed = { kind: "taken", reply: yes, refusals: [{ address: carol, reply: no }] };

  const { sent, failed } = await runOnce([refusal], 0, "portal@sealpost.acme.example");

  expect(sent).toHaveLength(1);
  expect(failed).toEqual([carol]);
});
