/** Who may wake an edge function. */
import { beforeAll, describe, expect, test } from "vitest";
import { toB64Url, utf8 } from "../bytes.ts";
import type { SigningKey } from "./primitives.ts";
import { KICK_LIFE_MS, signKick, verifyKick } from "./signature.ts";
import { bareOf } from "./trials/frozen.ts";
import { webCryptoPrimitives } from "./webcrypto.ts";

const primitives = webCryptoPrimitives(globalThis.crypto);
const NOW = 1_780_000_000_000;
const world = {} as { gateway: SigningKey; header: string };

beforeAll(async () => {
  world.gateway = (await primitives.importSigningKey(bareOf("signing")))!;
  world.header = await signKick(primitives, world.gateway, { name: "notify", atMs: NOW });
});

test.each([-KICK_LIFE_MS, 0, KICK_LIFE_MS])(
  "the gateway's kick is accepted %i ms from its time",
  async (shift) => {
    expect(await wakes({ nowMs: NOW + shift })).toBe("accepted");
  },
);

test.each([-KICK_LIFE_MS - 1, KICK_LIFE_MS + 1])("and refused %i ms from it", async (shift) => {
  expect(await wakes({ nowMs: NOW + shift })).toBe("refused");
});

test("a kick for one function wakes no other", async () => {
  expect(await wakes({ name: "invite" })).toBe("refused");
});

test("a kick of somebody else wakes nothing", async () => {
  const eve = (await primitives.importSigningKey(bareOf("gateway")))!;
  const header = await signKick(primitives, eve, { name: "notify", atMs: NOW });

  expect(await wakes({ header })).toBe("refused");
});

describe("a header that is none wakes nothing and throws nothing", () => {
  test.each<[string, () => string]>([
    ["empty", () => ""],
    ["dots", () => "..."],
    ["no signature", () => world.header.split(".")[0]!],
    ["an empty signature", () => `${world.header.split(".")[0]}.`],
    ["more than two parts", () => `${world.header}.x`],
    ["a new time", () => `${toB64Url(utf8(String(NOW + 1)))}.${world.header.split(".")[1]}`],
    ["a time in other words", () => `${toB64Url(utf8("1.78e12"))}.${world.header.split(".")[1]}x`],
    ["no number", () => `${toB64Url(utf8("now"))}.${world.header.split(".")[1]}`],
    ["not base64", () => "ä.ö"],
  ])("%s", async (_, header) => {
    expect(await wakes({ header: header() })).toBe("refused");
  });
});

async function wakes(changed: { name?: string; header?: string; nowMs?: number }) {
  const kick = { name: "notify", header: world.header, nowMs: NOW, ...changed };
  return (await verifyKick(primitives, world.gateway.publicKey, kick)).kind;
}
