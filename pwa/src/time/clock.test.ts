import { createRoot } from "solid-js";
import { expect, test } from "vitest";
import { createNow, makeAlarm, makeClock } from "./clock.ts";

/** A browser's clock and timers that move by hand. */
function timersAt(start: number) {
  let now = start;
  const waiting = new Map<number, { at: number; run: () => void }>();
  let last = 0;
  return {
    now: () => now,
    setTimeout: (run: () => void, ms: number) => {
      last += 1;
      waiting.set(last, { at: now + ms, run });
      return last;
    },
    clearTimeout: (id: unknown) => void waiting.delete(id as number),
    waiting,
    moveTo(to: number) {
      for (;;) {
        const due = [...waiting].filter(([, { at }]) => at <= to).sort((a, b) => a[1].at - b[1].at)[0];
        if (due === undefined) break;
        waiting.delete(due[0]);
        now = due[1].at;
        due[1].run();
      }
      now = to;
    },
    /** The device's clock is set, without its timers noticing. */
    set(to: number) {
      now = to;
    },
  };
}

test("an alarm rings at its second, not before", () => {
  const timers = timersAt(1_000);
  const rung: number[] = [];
  makeAlarm(makeClock(timers), 5_000, () => rung.push(timers.now()));

  timers.moveTo(4_999);
  expect(rung).toEqual([]);
  timers.moveTo(5_000);
  expect(rung).toEqual([5_000]);
});

test("an alarm in three months rings then, though no timer reaches so far", () => {
  const timers = timersAt(0);
  const rung: number[] = [];
  const at = 90 * 86_400_000;
  makeAlarm(makeClock(timers), at, () => rung.push(timers.now()));

  timers.moveTo(at - 1);
  expect(rung).toEqual([]);
  timers.moveTo(at);
  expect(rung).toEqual([at]);
});

test("an alarm that has passed rings at once, and once", () => {
  let rings = 0;
  const alarm = makeAlarm(makeClock(timersAt(10)), 5, () => (rings += 1));

  alarm.check();

  expect(rings).toBe(1);
});

test("after sleeping, a look at the clock rings what is due", () => {
  const timers = timersAt(0);
  let rings = 0;
  const alarm = makeAlarm(makeClock(timers), 1_000, () => (rings += 1));

  timers.set(2_000);
  alarm.check();

  expect(rings).toBe(1);
  expect(timers.waiting.size).toBe(0);
});

test("a stopped alarm never rings and leaves no timer", () => {
  const timers = timersAt(0);
  let rings = 0;
  makeAlarm(makeClock(timers), 1_000, () => (rings += 1)).stop();

  timers.moveTo(2_000);

  expect(rings).toBe(0);
  expect(timers.waiting.size).toBe(0);
});

test("what the server says of the time outweighs the device's clock", () => {
  const timers = timersAt(1_000_000);
  const clock = makeClock(timers);

  clock.correct(5_000_000);
  timers.moveTo(1_000_500);

  expect(clock.now()).toBe(5_000_500);
});

test("now ticks for the words on screen, until the screen is gone", () => {
  const timers = timersAt(0);
  createRoot((dispose) => {
    const now = createNow(makeClock(timers));
    timers.moveTo(60_000);

    expect(now()).toBe(60_000);
    dispose();
  });
  expect(timers.waiting.size).toBe(0);
});
