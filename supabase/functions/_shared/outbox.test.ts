/** When a mail that was not taken is tried again. */
import { expect, test } from "vitest";
import { outcomeOf } from "./outbox.ts";

const later = (attempts: number) => outcomeOf({ kind: "try-later", code: "451 4.7.1" }, attempts);

test("what was taken is sent, what was refused for good has failed at once", () => {
  expect(outcomeOf({ kind: "taken" }, 7)).toEqual({ kind: "sent" });
  expect(outcomeOf({ kind: "refused", code: "550 5.1.1" }, 1)).toEqual({
    kind: "failed",
    because: "The mail server refused it: 550 5.1.1.",
  });
});

test("pauses grow from a minute to an hour, and after two days it has failed", () => {
  const pauses: number[] = [];
  for (let attempts = 1; attempts < 1_000; attempts += 1) {
    const outcome = later(attempts);
    if (outcome.kind !== "retry") break;
    pauses.push(outcome.seconds);
  }

  expect(pauses.slice(0, 5)).toEqual([60, 300, 900, 3600, 3600]);
  const hours = pauses.reduce((sum, seconds) => sum + seconds, 0) / 3600;
  expect(hours).toBeGreaterThan(46);
  expect(hours).toBeLessThan(50);
  expect(later(pauses.length + 1).kind).toBe("failed");
});
