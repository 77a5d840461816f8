/**
 * Trials: checks of the seal that run wherever Sealpost does. Plain functions over primitives, without a test framework, so that
 * Node, Deno and a browser run the very same ones, on WebCrypto, on its stand-in, and on the gateway's native primitives.
 */
import type { Primitives } from "../primitives.ts";

/** Throws where something is not as it must be. */
export interface Trial {
  readonly name: string;
  run(primitives: Primitives): Promise<void>;
}

/** What became of a trial. */
export interface Verdict {
  readonly name: string;
  readonly failure: string | null;
}

/** Runs all, one after the other; nothing that fails stops the rest. */
export async function runTrials(trials: readonly Trial[], primitives: Primitives): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  for (const trial of trials) {
    const failure = await trial.run(primitives).then(
      () => null,
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
    verdicts.push({ name: trial.name, failure });
  }
  return verdicts;
}

/** Demands that two values are the same, bytes by their content and objects by their fields. */
export function same(actual: unknown, wanted: unknown, what: string): void {
  const [is, should] = [spelled(actual), spelled(wanted)];
  if (is !== should) throw new Error(`${what}: is ${is.slice(0, 200)}, should be ${should.slice(0, 200)}`);
}

/** Demands that something is there. */
export function present<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`${what} is missing`);
  return value;
}

/** The value of something that must have opened. */
export function openedValue<T>(result: { kind: "opened"; value: T } | { kind: string }, what: string): T {
  if ("value" in result) return result.value;
  throw new Error(`${what}: ${result.kind}`);
}

export function fromHex(hex: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

function spelled(value: unknown): string {
  return JSON.stringify(value, (_, inner) =>
    inner instanceof Uint8Array
      ? Array.from(inner, (byte) => byte.toString(16).padStart(2, "0")).join("")
      : inner,
  );
}
