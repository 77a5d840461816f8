import { expect, test } from "vitest";
import { makeWakeable, repeat } from "./repeat.ts";

test("many asks during one run are one more run, and none overlaps", async () => {
  let running = 0;
  let most = 0;
  let runs = 0;
  const second = Promise.withResolvers<void>();
  const work = makeWakeable(async () => {
    running += 1;
    runs += 1;
    most = Math.max(most, running);
    await new Promise((resolve) => setImmediate(resolve));
    running -= 1;
    if (runs === 2) second.resolve();
  }, 1);

  for (let i = 0; i < 10; i++) work.wake();
  await second.promise;
  await work.stop();

  expect({ runs, most }).toEqual({ runs: 2, most: 1 });
});

test("work that was stopped is not woken again", async () => {
  let runs = 0;
  const work = makeWakeable(async () => {
    runs += 1;
  }, 0);

  await work.stop();
  work.wake();
  await new Promise((resolve) => setTimeout(resolve, 5));

  expect(runs).toBe(0);
});

test("stopping a round that is under way waits for its end", async () => {
  const release = Promise.withResolvers<void>();
  let over = false;
  const rounds = repeat(async () => {
    await release.promise;
    over = true;
  }, 1);

  const stopped = rounds.stop();
  release.resolve();
  await stopped;

  expect(over).toBe(true);
});
