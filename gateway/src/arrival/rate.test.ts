import { expect, test } from "vitest";
import { makeRate } from "./rate.ts";

test("the third try of a limit of two waits for the next window, and nobody else does", () => {
  let now = 60_000;
  const rate = makeRate({ most: 2, windowMs: 60_000, now: () => now });

  const eve = [rate.take("eve"), rate.take("eve"), rate.take("eve")];
  const bob = rate.take("bob");
  now += 60_000;

  expect(eve).toEqual([true, true, false]);
  expect(bob).toBe(true);
  expect(rate.isFull("eve")).toBe(false);
  expect(rate.take("eve")).toBe(true);
});

test("a flood of clients is counted as one beyond what is told apart", () => {
  const rate = makeRate({ most: 2, windowMs: 60_000, now: () => 0 });
  for (let i = 0; i < 100_000; i++) rate.take(`client ${i}`);

  expect([rate.take("x"), rate.take("y"), rate.take("z")]).toEqual([true, true, false]);
  expect(rate.take("client 7")).toBe(true);
});
