import { expect, test } from "vitest";
import { failureOf } from "./failure.ts";

test("no network, a server that errs, and a session that is over are told apart", () => {
  const lost = new TypeError("Failed to fetch");

  expect(failureOf(lost, 0).kind).toBe("offline");
  expect(failureOf(lost, 504).kind).toBe("offline");
  expect(failureOf(lost, 401).kind).toBe("signed-out");
  expect(failureOf(lost, 500).kind).toBe("failed");
});

test("a failure's words carry nothing of the request", () => {
  expect(failureOf(new Error("token eyJ... refused"), 500).message).not.toContain("eyJ");
});
