import { createSecretKey } from "node:crypto";
import { KICK_HEADER, verifyKick } from "@sealpost/shared/crypto/signature.ts";
import { expect, test } from "vitest";
import { nativePrimitives } from "../seal/native.ts";
import { makeKicks } from "./kicks.ts";

const primitives = nativePrimitives();
const nowMs = 1_800_000_000_000;

async function kicksTo(fetch: typeof globalThis.fetch) {
  const bare = await primitives.generateBareKey();
  const [signing, gateway] = [await primitives.importSigningKey(bare), await primitives.importKeyPair(bare)];
  if (signing === undefined || gateway === undefined) throw new Error("no keys");
  const lines: string[] = [];
  const complained = Promise.withResolvers<void>();
  const kicks = makeKicks({
    ...{ functionsUrl: "http://functions.example/v1", anonKey: "anon", primitives, fetch },
    keyring: {
      ...{ deploymentId: "d", signing, gateway, invitePublicKey: bare.publicKey, recoveryPublicKey: null },
      macKey: createSecretKey(Buffer.alloc(32)),
    },
    now: () => nowMs,
    log: (_level, event, details) => {
      lines.push(`${event} ${details?.name} ${details?.what}`);
      complained.resolve();
    },
  });
  return { kicks, lines, complained: complained.promise, publicKey: bare.publicKey };
}

test("a kick is signed for the one function that it wakes", async () => {
  const asked = Promise.withResolvers<Request>();
  const { kicks, publicKey } = await kicksTo(async (url, init) => {
    asked.resolve(new Request(url as string, { method: "POST", headers: init?.headers as HeadersInit }));
    return Response.json({ done: 1, left: 0 });
  });

  kicks.kick("notify");
  const request = await asked.promise;
  await kicks.stop();

  const header = request.headers.get(KICK_HEADER) ?? "";
  expect(request.url).toBe("http://functions.example/v1/notify");
  expect(await verifyKick(primitives, publicKey, { name: "notify", header, nowMs })).toEqual({
    kind: "accepted",
  });
  expect(await verifyKick(primitives, publicKey, { name: "invite", header, nowMs })).toEqual({
    kind: "refused",
  });
});

test("kicks while one is in flight are one more, and functions do not wait for each other", async () => {
  const calls: string[] = [];
  const held = Promise.withResolvers<void>();
  const invited = Promise.withResolvers<void>();
  const { kicks } = await kicksTo(async (url) => {
    calls.push(String(url).split("/").at(-1) ?? "");
    if (String(url).endsWith("invite")) invited.resolve();
    else await held.promise;
    return Response.json({ done: 0, left: 0 });
  });

  for (let i = 0; i < 5; i++) kicks.kick("notify");
  kicks.kick("invite");
  await invited.promise;

  expect(calls.sort()).toEqual(["invite", "notify"]);
  held.resolve();
  await kicks.stop();
});

test("a function that is away is complained of once, with the network's reason", async () => {
  const refused = Object.assign(new Error("connect"), { code: "ECONNREFUSED" });
  const { kicks, lines, complained } = await kicksTo(async () => {
    throw new TypeError("fetch failed", { cause: refused });
  });

  kicks.kick("sweep");
  await complained;
  await kicks.stop();

  expect(lines).toEqual(["a function could not be woken sweep ECONNREFUSED"]);
});
