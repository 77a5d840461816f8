import { describe, expect, test } from "vitest";
import { fromB64 } from "../bytes.ts";
import { webCryptoPrimitives } from "../crypto/webcrypto.ts";
import {
  authPassword,
  canonicalPassword,
  PASSWORD_FLOOR,
  PASSWORD_VERSION,
  passwordCost,
  passwordSecrets,
} from "./password.ts";

const primitives = webCryptoPrimitives(globalThis.crypto);
const bob = { password: "lantern-Orchard-42-sail", address: "bob@example.org", deploymentId: "d" };

describe("the spelling of a password", () => {
  test("a chosen one keeps its case, spaces and dashes", () => {
    expect(canonicalPassword(" lantern-Orchard-42-sail ")).toBe(" lantern-Orchard-42-sail ");
  });

  test("a chosen one is the same on keyboards that compose differently", () => {
    expect(canonicalPassword("Scho\u0308nes Schloß \uff21")).toBe(canonicalPassword("Schönes Schloß A"));
  });

  test("a temporary one is the same however it is typed", () => {
    expect(canonicalPassword("o123 abcd wxyz")).toBe("0123-ABCD-WXYZ");
  });
});

describe("the secrets of a password", () => {
  test("are two of 32 bytes, neither like the other, and always the same", async () => {
    const secrets = await passwordSecrets(primitives, bob);

    expect(fromB64(secrets.signIn)).toHaveLength(32);
    expect(secrets.wrap).toHaveLength(32);
    expect(fromB64(secrets.signIn)).not.toEqual(secrets.wrap);
    expect(await passwordSecrets(primitives, bob)).toEqual(secrets);
  });

  test.each([
    ["password", { password: "lantern-orchard-42-sail" }],
    ["address", { address: "eve@example.org" }],
    ["deployment", { deploymentId: "e" }],
  ])("are others for another %s", async (_, changed) => {
    const own = await passwordSecrets(primitives, bob);
    const other = await passwordSecrets(primitives, { ...bob, ...changed });

    expect(other.signIn).not.toBe(own.signIn);
    expect(other.wrap).not.toEqual(own.wrap);
  });

  test("never cost less than the floor", () => {
    for (let version = PASSWORD_VERSION; version >= 1; version--) {
      const cost = passwordCost(version as typeof PASSWORD_VERSION);
      expect(cost.memoryKib).toBeGreaterThanOrEqual(PASSWORD_FLOOR.memoryKib);
      expect(cost.passes).toBeGreaterThanOrEqual(PASSWORD_FLOOR.passes);
      expect(cost.lanes).toBeGreaterThanOrEqual(PASSWORD_FLOOR.lanes);
    }
  });
});

describe("the password that Supabase Auth sees", () => {
  const pepper = new Uint8Array(32).fill(1);
  const signIn = { address: "bob@example.org", secret: "c2VjcmV0" };

  test("fits Auth's limit of 72 characters", async () => {
    expect(await authPassword(primitives, pepper, signIn)).toMatch(/^[\w-]{43}$/);
  });

  test.each([
    ["pepper", new Uint8Array(32).fill(2), signIn],
    ["address", pepper, { ...signIn, address: "eve@example.org" }],
    ["secret", pepper, { ...signIn, secret: "c2VjcmVU" }],
  ])("is another one for another %s", async (_, otherPepper, other) => {
    const own = await authPassword(primitives, pepper, signIn);

    expect(await authPassword(primitives, otherPepper, other)).not.toBe(own);
  });
});
