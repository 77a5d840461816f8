/** Every trial of the seal on Node's WebCrypto; Deno and Chromium run the same ones in runtimes.test.ts. */
import { expect, test } from "vitest";
import { frozenTrials } from "./trials/frozen.ts";
import { standardTrials } from "./trials/standards.ts";
import { tamperingTrials } from "./trials/tampering.ts";
import { webCryptoPrimitives } from "./webcrypto.ts";

/** For a machine that is busy with other tests; alone it takes one second. */
const TIME_LIMIT_MS = 90_000;

const primitives = webCryptoPrimitives(globalThis.crypto);

test.each([...standardTrials, ...frozenTrials, ...tamperingTrials("the same", 40)])(
  "$name",
  { timeout: TIME_LIMIT_MS },
  async (trial) => {
    await trial.run(primitives);
  },
);

test("without crypto.subtle there are no primitives, and the error says why", () => {
  const insecure = { getRandomValues: crypto.getRandomValues } as Crypto;

  expect(() => webCryptoPrimitives(insecure)).toThrow("secure context");
});

test("a WebCrypto that HPKE would not use is refused", () => {
  const another = { subtle: {} } as Crypto;

  expect(() => webCryptoPrimitives(another)).toThrow("not the global one");
});
