import { generateKeyPairSync } from "node:crypto";
import { expect, test } from "vitest";
import { fromPkcs8, toPkcs8 } from "./bare-key.ts";
import { webCryptoPrimitives } from "./webcrypto.ts";

const primitives = webCryptoPrimitives(globalThis.crypto);

test("a key that openssl or Node made is read, and spelled as they do", async () => {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const pkcs8 = privateKey.export({ format: "der", type: "pkcs8" });

  const bare = fromPkcs8(pkcs8)!;

  expect(Buffer.from(toPkcs8(bare))).toEqual(pkcs8);
  expect(await primitives.importKeyPair(bare)).toMatchObject({ publicKey: bare.publicKey });
});

test("a key of another curve, a longer or shorter one, and nothing are no keys", () => {
  const other = generateKeyPairSync("ec", { namedCurve: "secp256k1" });
  const pkcs8 = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({
    format: "der",
    type: "pkcs8",
  });

  expect(fromPkcs8(other.privateKey.export({ format: "der", type: "pkcs8" }))).toBeUndefined();
  expect(fromPkcs8(pkcs8.subarray(1))).toBeUndefined();
  expect(fromPkcs8(Buffer.concat([pkcs8, Buffer.of(0)]))).toBeUndefined();
  expect(fromPkcs8(new Uint8Array())).toBeUndefined();
});

test("an imported key cannot be read back", async () => {
  const pair = (await primitives.importKeyPair(await primitives.generateBareKey()))!;

  const handle = pair.privateKey as CryptoKey;

  expect(handle.extractable).toBe(false);
  await expect(crypto.subtle.exportKey("pkcs8", handle)).rejects.toThrow();
});
