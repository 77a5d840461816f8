/** Every trial of the seal on the gateway's native primitives, and crosswise with WebCrypto: each opens what the other sealed. */
import { frozenTrials } from "@sealpost/shared/crypto/trials/frozen.ts";
import { standardTrials } from "@sealpost/shared/crypto/trials/standards.ts";
import { tamperingTrials } from "@sealpost/shared/crypto/trials/tampering.ts";
import { webCryptoPrimitives } from "@sealpost/shared/crypto/webcrypto.ts";
import { describe, expect, test } from "vitest";
import { nativePrimitives } from "./native.ts";

const native = nativePrimitives();
const webcrypto = webCryptoPrimitives(globalThis.crypto);

/** For a machine that is busy with other tests; alone it takes two seconds. */
const TIME_LIMIT_MS = 90_000;
const EVERY_PLACE = 400;
const SOME_PLACES = 5;

test.each([...standardTrials, ...frozenTrials, ...tamperingTrials("the same", EVERY_PLACE)])(
  "$name",
  { timeout: TIME_LIMIT_MS },
  async (trial) => {
    await trial.run(native);
  },
);

describe("sealed by the gateway, opened by a device", () => {
  test.each(tamperingTrials(native, SOME_PLACES))("$name", { timeout: TIME_LIMIT_MS }, (trial) =>
    trial.run(webcrypto),
  );
});

describe("sealed by a device, opened by the gateway", () => {
  test.each(tamperingTrials(webcrypto, SOME_PLACES))("$name", { timeout: TIME_LIMIT_MS }, (trial) =>
    trial.run(native),
  );
});

test("nothing is sealed to what is no point of the curve", () => {
  const nowhere = { to: new Uint8Array(65).fill(4), info: new Uint8Array(1), plains: [] };

  expect(() => native.hpkeSeal(nowhere)).toThrow();
});

test("a recipient who was forgotten meanwhile is sealed to as well as one who was kept", async () => {
  const forgetful = nativePrimitives(1);
  const bob = await native.generateBareKey();
  const eve = await native.generateBareKey();
  const to = (await native.importKeyPair(bob))!;
  const [info, aad, plain] = [new Uint8Array(1), new Uint8Array(2), new Uint8Array(3)];

  await forgetful.hpkeSeal({ to: bob.publicKey, info, plains: [] });
  await forgetful.hpkeSeal({ to: eve.publicKey, info, plains: [] });
  const { enc, seals } = await forgetful.hpkeSeal({ to: bob.publicKey, info, plains: [{ aad, plain }] });

  expect(await native.hpkeOpen({ to, enc, info, seals: [{ aad, sealed: seals[0]! }] })).toEqual([plain]);
});
