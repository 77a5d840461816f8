/** The stand-in's mended parts, each against Node's own WebCrypto. */
import { describe, expect, test } from "vitest";
import { makeLinerSubtle } from "./liner.ts";

const native = globalThis.crypto.subtle;
const liner = makeLinerSubtle();
const KEY = Uint8Array.from({ length: 32 }, (_, at) => at + 1);
const PLAIN = new TextEncoder().encode("Dear Bob");
const GCM = { name: "AES-GCM", iv: new Uint8Array(12), additionalData: new Uint8Array(3) };

test.each([
  ["an array", (bytes: Uint8Array<ArrayBuffer>) => bytes],
  ["a buffer", (bytes: Uint8Array<ArrayBuffer>) => bytes.buffer],
])("a key whose source (%s) is wiped after the import still is that key", async (_, given) => {
  const source = KEY.slice();

  const key = await liner.importKey("raw", given(source), "AES-GCM", false, ["encrypt"]);
  source.fill(0);
  const sealed = await liner.encrypt(GCM, key, PLAIN);

  const ownKey = await native.importKey("raw", KEY, "AES-GCM", false, ["decrypt"]);
  expect(new Uint8Array(await native.decrypt(GCM, ownKey, sealed))).toEqual(PLAIN);
});

describe("HKDF", () => {
  const derive = async (subtle: SubtleCrypto, salt: Uint8Array<ArrayBuffer>, bits: number) => {
    const key = await subtle.importKey("raw", KEY, "HKDF", false, ["deriveBits"]);
    const info = new TextEncoder().encode("info");
    return new Uint8Array(await subtle.deriveBits({ name: "HKDF", hash: "SHA-256", salt, info }, key, bits));
  };

  test.each([8, 256, 264, 512, 520])("gives the same %i bits as the standard's own", async (bits) => {
    expect(await derive(liner, KEY, bits)).toEqual(await derive(native, KEY, bits));
  });

  test("takes no salt for a salt of zeros", async () => {
    expect(await derive(liner, new Uint8Array(), 256)).toEqual(await derive(native, new Uint8Array(), 256));
  });

  test("derives nothing with another hash, and no part of a byte", async () => {
    const key = await liner.importKey("raw", KEY, "HKDF", false, ["deriveBits"]);
    const sha512 = { name: "HKDF", hash: "SHA-512", salt: KEY, info: KEY };

    await expect(liner.deriveBits(sha512, key, 256)).rejects.toThrow();
    await expect(derive(liner, KEY, 12)).rejects.toThrow();
  });

  test("its keys are not to be had back", async () => {
    const key = await liner.importKey("raw", KEY, "HKDF", false, ["deriveBits"]);

    await expect(liner.exportKey("raw", key)).rejects.toThrow();
    await expect(liner.importKey("raw", KEY, "HKDF", true, ["deriveBits"])).rejects.toThrow();
  });
});

test("an ECDH key that is not on the curve agrees with nobody", async () => {
  const ecdh = { name: "ECDH", namedCurve: "P-256" };
  const { privateKey } = (await liner.generateKey(ecdh, false, ["deriveBits"])) as CryptoKeyPair;
  const offCurve = Uint8Array.from({ length: 65 }, (_, at) => (at === 0 ? 4 : at));

  await expect(
    liner.importKey("raw", offCurve, ecdh, true, []).then((stranger) => {
      return liner.deriveBits({ ...ecdh, public: stranger }, privateKey, 256);
    }),
  ).rejects.toThrow();
});
