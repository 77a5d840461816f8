/** STREAM on its own: any pieces in, the same pieces out, and no chunk dropped, moved, doubled or cut off unnoticed. */
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { type Bytes, concatBytes } from "../bytes.ts";
import { CHUNK_BYTES, gather, openStream, type StreamKey, sealStream, streamBytes } from "./stream.ts";
import { plainOf } from "./trials/sample.ts";
import { webCryptoPrimitives } from "./webcrypto.ts";

const SEALED_CHUNK = CHUNK_BYTES + 16;
const world = {} as { key: StreamKey; three: Bytes };

beforeAll(async () => {
  const aead = await webCryptoPrimitives(globalThis.crypto).importAead(new Uint8Array(32).fill(7));
  world.key = { aead, nonce: new Uint8Array(12).fill(9), place: Uint8Array.of(1) };
  world.three = await seal([plainOf(3 * CHUNK_BYTES)]);
});

describe("whatever flows in comes out", () => {
  const size = fc.oneof(
    fc.integer({ min: 0, max: 300 }),
    fc.constantFrom(CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 2 * CHUNK_BYTES),
  );
  const step = fc.constantFrom(1, 7, 1_000, CHUNK_BYTES, CHUNK_BYTES + 1, 1_000_000);

  test("in pieces of any size, with one length of ciphertext for each plaintext", async () => {
    await fc.assert(
      fc.asyncProperty(size, step, step, async (bytes, sealingStep, openingStep) => {
        fc.pre(bytes / Math.min(sealingStep, openingStep) < 20_000);
        const plain = plainOf(bytes);

        const sealed = await seal(pieces(plain, sealingStep));
        const opened = await open(pieces(sealed, openingStep));

        expect(sealed.length).toBe(streamBytes(bytes));
        expect(sealed).toEqual(await seal([plain]));
        expect(opened).toEqual({ kind: "whole", bytes: plain });
      }),
      { numRuns: 40 },
    );
  });

  test("through empty pieces and a source that takes its time", async () => {
    async function* slowly() {
      yield new Uint8Array();
      await Promise.resolve();
      yield Uint8Array.of(1, 2);
      yield new Uint8Array();
    }

    expect(await open([await gather(sealStream(world.key, slowly()))])).toEqual({
      kind: "whole",
      bytes: Uint8Array.of(1, 2),
    });
  });
});

describe("a stream that is not the one that was sealed is refused", () => {
  const chunk = (at: number) => world.three.slice(1 + at * SEALED_CHUNK, 1 + (at + 1) * SEALED_CHUNK);
  const version = Uint8Array.of(1);

  test.each<[string, () => Bytes]>([
    ["its last chunk dropped", () => concatBytes(version, chunk(0), chunk(1))],
    ["its first chunk dropped", () => concatBytes(version, chunk(1), chunk(2))],
    ["its middle chunk dropped", () => concatBytes(version, chunk(0), chunk(2))],
    ["chunks exchanged", () => concatBytes(version, chunk(1), chunk(0), chunk(2))],
    ["a chunk doubled", () => concatBytes(version, chunk(0), chunk(0), chunk(1), chunk(2))],
    ["the last chunk doubled", () => concatBytes(world.three, chunk(2))],
    ["a byte cut off", () => world.three.slice(0, -1)],
    ["a tag cut off", () => world.three.slice(0, -16)],
    ["a byte added", () => concatBytes(world.three, version)],
    ["nothing but the version", () => version],
  ])("%s", async (_, changed) => {
    expect((await open([changed()])).kind).toBe("forged");
  });

  test("nothing at all is malformed, and another version unknown", async () => {
    expect((await open([])).kind).toBe("malformed");
    expect((await open([new Uint8Array()])).kind).toBe("malformed");
    expect((await open([concatBytes(Uint8Array.of(2), world.three.slice(1))])).kind).toBe("unknown-version");
  });

  test("an empty last chunk after a full one, though sealed with the right key", async () => {
    const { key } = world;
    const nonce = (number: number, last: number) => Uint8Array.of(9, 9, 9, 9, 9, 9, 9, 0, 0, 0, number, last);
    const full = await key.aead.seal(nonce(0, 0), key.place, plainOf(CHUNK_BYTES));
    const empty = await key.aead.seal(nonce(1, 1), key.place, new Uint8Array());

    expect((await open([concatBytes(version, full, empty)])).kind).toBe("forged");
  });

  test("another place", async () => {
    const elsewhere = { ...world.key, place: Uint8Array.of(2) };

    expect((await open([world.three], elsewhere)).kind).toBe("forged");
  });
});

async function seal(plain: Iterable<Uint8Array>): Promise<Bytes> {
  return await gather(sealStream(world.key, plain));
}

async function open(sealed: Iterable<Uint8Array>, key = world.key) {
  const chunks: Bytes[] = [];
  for await (const chunk of openStream(key, sealed, "stream")) {
    if (chunk.kind !== "chunk") return chunk;
    chunks.push(chunk.bytes);
  }
  return { kind: "whole" as const, bytes: concatBytes(...chunks) };
}

function* pieces(bytes: Bytes, step: number): Generator<Bytes> {
  for (let at = 0; at < bytes.length; at += step) yield bytes.slice(at, at + step);
}
