/** Who may wake a function: the gateway, for that function, now. */
import { generateKeyPairSync } from "node:crypto";
import { fromPkcs8 } from "@sealpost/shared/crypto/bare-key.ts";
import { KICK_HEADER, KICK_LIFE_MS, signKick } from "@sealpost/shared/crypto/signature.ts";
import { webCryptoPrimitives } from "@sealpost/shared/crypto/webcrypto.ts";
import { expect, test } from "vitest";
import { kickedFunction } from "./kick.ts";
import type { LogLine } from "./log.ts";

const primitives = webCryptoPrimitives(globalThis.crypto);
const NOW = Date.parse("2026-11-24T10:42:00Z");

async function newSigningKey() {
  const der = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({
    type: "pkcs8",
    format: "der",
  });
  return (await primitives.importSigningKey(fromPkcs8(der)!))!;
}

async function house() {
  const key = await newSigningKey();
  const state = { works: 0, log: [] as LogLine[] };
  const rim = {
    function: "notify",
    primitives,
    signingPublicKey: key.publicKey,
    now: () => new Date(NOW),
    log: (line: LogLine) => state.log.push(line),
  };
  const answer = kickedFunction(rim, async () => {
    state.works += 1;
    return { done: 1, left: 0 };
  });
  const kicked = (header: string, method = "POST") =>
    answer(new Request("http://x", { method, headers: { [KICK_HEADER]: header } }));
  return { key, rim, state, kicked };
}

test("the gateway's kick is worked off, up to two minutes old", async () => {
  const { key, state, kicked } = await house();

  const answers = [];
  for (const atMs of [NOW, NOW - KICK_LIFE_MS, NOW + KICK_LIFE_MS]) {
    answers.push(await kicked(await signKick(primitives, key, { name: "notify", atMs })));
  }

  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  expect(await answers[0]!.json()).toEqual({ done: 1, left: 0 });
  expect(state.works).toBe(3);
});

test("a kick that is old, for another function, by another key, or none at all, causes no work", async () => {
  const { key, state, kicked } = await house();
  const sign = (signer: typeof key, name: string, atMs: number) =>
    signKick(primitives, signer, { name, atMs });
  const good = await sign(key, "notify", NOW);

  const refused = [
    await kicked(await sign(key, "notify", NOW - KICK_LIFE_MS - 1)),
    await kicked(await sign(key, "invite", NOW)),
    await kicked(await sign(await newSigningKey(), "notify", NOW)),
    await kicked(""),
    await kicked("x.y"),
    await kicked(`${good}.x`),
    await kicked(good, "PUT"),
  ];

  expect(refused.map(({ status }) => status)).toEqual(Array(7).fill(401));
  expect(state.works).toBe(0);
});

test("an unexpected failure is a plain 500, and its message is not logged", async () => {
  const { key, rim, state } = await house();
  const answer = kickedFunction(rim, () =>
    Promise.reject(new Error("password 7K3M-Q9XD-2TVH in smtp://user:secret@host")),
  );
  const header = await signKick(primitives, key, { name: "notify", atMs: NOW });

  const response = await answer(
    new Request("http://x", { method: "POST", headers: { [KICK_HEADER]: header } }),
  );

  expect([response.status, await response.json()]).toEqual([500, { kind: "failed" }]);
  expect(JSON.stringify(state.log)).not.toMatch(/7K3M|secret/);
  expect(state.log[0]).toMatchObject({ function: "notify", what: "failed", error: "Error" });
});
