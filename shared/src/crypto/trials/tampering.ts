/**
 * Tampering: each sealed shape is flipped bit by bit, cut, grown, emptied, given another version, and opened in the place of another
 * message, mailbox, role or key version. It must open as it is, and in no other way. (After tutanota's AeadFacadeTest.)
 */
import { type Bytes, concatBytes } from "../../bytes.ts";
import type { Primitives } from "../primitives.ts";
import type { Opening, SealedShape } from "./sealed-shape.ts";
import { makeShapes } from "./shapes.ts";
import { same, type Trial } from "./trial.ts";

/** How many places of a ciphertext are tried at most: all where primitives are fast, fewer where one opening takes 50 ms. */
export function tamperingTrials(sealer: Primitives | "the same", mostPlaces: number): readonly Trial[] {
  return [
    {
      name: `tampering: no sealed shape opens but unchanged and in its place (${mostPlaces} places each)`,
      run: async (opener) => {
        for (const shape of await makeShapes(sealer === "the same" ? opener : sealer, opener)) {
          await attack(shape, mostPlaces);
        }
      },
    },
  ];
}

async function attack(shape: SealedShape, mostPlaces: number): Promise<void> {
  const { name, sealed, open } = shape;
  same((await open(sealed)).kind, "opened", `${name}, untouched`);
  for (const at of places(sealed.length, mostPlaces)) {
    await refuses(open, flipped(sealed, at), `${name}, bit flipped at ${at}`);
    await refuses(open, sealed.slice(0, at), `${name}, cut at ${at}`);
  }
  await refuses(open, concatBytes(sealed, Uint8Array.of(0)), `${name}, one byte longer`);
  await refuses(open, concatBytes(sealed, sealed.slice(1)), `${name}, doubled`);
  await refuses(open, new Uint8Array(sealed.length), `${name}, all zeros`);
  same((await open(new Uint8Array())).kind, "malformed", `${name}, empty`);
  for (const version of [0x00, 0x02, 0xff]) {
    const other = concatBytes(Uint8Array.of(version), sealed.slice(1));
    same((await open(other)).kind, "unknown-version", `${name}, version ${version}`);
  }
  for (const [where, opening] of Object.entries(shape.elsewhere)) {
    await refuses(opening, sealed, `${name}, in the place of ${where}`);
  }
}

async function refuses(open: Opening, sealed: Bytes, what: string): Promise<void> {
  const { kind } = await open(sealed);
  if (kind === "opened") throw new Error(`${what}: it opened`);
}

/** The first bytes, the last, and others evenly between. */
function places(length: number, most: number): readonly number[] {
  if (length <= most) return Array.from({ length }, (_, at) => at);
  const step = (length - 1) / (most - 1);
  return Array.from({ length: most }, (_, at) => Math.round(at * step));
}

function flipped(sealed: Bytes, at: number): Bytes {
  const changed = sealed.slice();
  changed[at] = (changed[at] ?? 0) ^ (1 << (at % 8));
  return changed;
}
