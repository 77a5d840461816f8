import { expect, test } from "vitest";
import { callerOf, makeRateLimit } from "./rate-limit.ts";

const fiveMinutes = 5 * 60_000;
const requestFrom = (forwarded: string) =>
  new Request("http://x", { headers: { "sb-forwarded-for": forwarded } });

test("a person is let in 150 times in five minutes, then asked to wait, then let in again", () => {
  let now = 0;
  const limit = makeRateLimit(() => now);

  for (let i = 0; i < 150; i += 1) expect(limit.refusalOf("203.0.113.7")).toBeNull();
  expect(limit.refusalOf("203.0.113.7")?.status).toBe(429);
  expect(limit.refusalOf("203.0.113.8")).toBeNull();
  now = fiveMinutes;
  expect(limit.refusalOf("203.0.113.7")).toBeNull();
});

test("loopback is let in far more often, not without end", () => {
  const limit = makeRateLimit(() => 0);

  for (let i = 0; i < 5000; i += 1) limit.refusalOf("127.0.0.1");

  expect(limit.refusalOf("127.0.0.1")?.status).toBe(429);
});

test("only who holds the service key says for whom they ask, and only with an address", () => {
  expect(callerOf(requestFrom("203.0.113.7"), "127.0.0.1", true)).toBe("203.0.113.7");
  expect(callerOf(requestFrom("203.0.113.7"), "127.0.0.1", false)).toBe("127.0.0.1");
  expect(callerOf(requestFrom("nonsense"), "127.0.0.1", true)).toBe("127.0.0.1");
});
