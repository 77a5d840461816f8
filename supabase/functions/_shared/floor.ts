/**
 * The floor of time under an answer that must tell nothing: it leaves at a whole multiple of the floor after the request came,
 * whatever path was taken to it.
 */
export interface Clock {
  /** Milliseconds that only ever grow. */
  elapsedMs(): number;
  waitMs(milliseconds: number): Promise<void>;
}

/** Waits until a whole multiple of `floorMs` has passed since `startedMs`. */
export async function untilFloor(clock: Clock, startedMs: number, floorMs: number): Promise<void> {
  const spentMs = clock.elapsedMs() - startedMs;
  const wholeMs = Math.max(1, Math.ceil(spentMs / floorMs)) * floorMs;
  await clock.waitMs(wholeMs - spentMs);
}

export const systemClock: Clock = {
  elapsedMs: () => performance.now(),
  waitMs: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
};
