/**
 * The portal's clock: the device's time, corrected by what the server last said, so that a wrong clock on the
 * device neither hides a message early nor shows it late.
 */
import { type Accessor, createSignal, onCleanup } from "solid-js";

/** How often words such as "expires in 5 minutes" are brought up to date. */
const TICK = 15_000;

/** Longest delay that a browser's timer takes (2^31 - 1 ms, about 24 days). */
const LONGEST_TIMEOUT = 2_147_483_647;

/** What of the browser the clock needs. */
export interface Timers {
  now(): number;
  setTimeout(run: () => void, ms: number): unknown;
  clearTimeout(timer: unknown): void;
}

export interface Clock {
  now(): number;
  /** The server said that it is this time now. */
  correct(serverNow: number): void;
  timers: Timers;
}

export function makeClock(timers: Timers): Clock {
  let offset = 0;
  return {
    now: () => timers.now() + offset,
    correct: (serverNow) => {
      offset = serverNow - timers.now();
    },
    timers,
  };
}

/** The time now, as a signal that ticks often enough for words. */
export function createNow(clock: Clock): Accessor<number> {
  const [now, setNow] = createSignal(clock.now());
  let timer: unknown;
  const tick = (): void => {
    setNow(clock.now());
    timer = clock.timers.setTimeout(tick, TICK);
  };
  timer = clock.timers.setTimeout(tick, TICK);
  onCleanup(() => clock.timers.clearTimeout(timer));
  return now;
}

/**
 * Calls back at that moment, however far away, and at once when it has passed. Gives its cleanup.
 * A sleeping tab's timer fires late: call `check` on waking.
 */
export function makeAlarm(clock: Clock, at: number, ring: () => void): { check(): void; stop(): void } {
  let timer: unknown;
  let rung = false;
  const check = (): void => {
    clock.timers.clearTimeout(timer);
    if (rung) return;
    const left = at - clock.now();
    if (left > 0) {
      timer = clock.timers.setTimeout(check, Math.min(left, LONGEST_TIMEOUT));
      return;
    }
    rung = true;
    ring();
  };
  check();
  return {
    check,
    stop: () => {
      rung = true;
      clock.timers.clearTimeout(timer);
    },
  };
}
