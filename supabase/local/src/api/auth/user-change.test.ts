import { expect, test } from "vitest";
import { durationSeconds, judgeChange, merged } from "./user-change.ts";

test("durations are Go's", () => {
  expect(durationSeconds("24h")).toBe(86_400);
  expect(durationSeconds("1h30m")).toBe(5400);
  expect(durationSeconds("1.5s")).toBe(1.5);
  expect(durationSeconds("none")).toBe(0);
  expect(durationSeconds(null)).toBeNull();
});

test("what is no duration is refused", () => {
  for (const nonsense of ["1 day", "forever", "24", "h"])
    expect(durationSeconds(nonsense), nonsense).toBeUndefined();
});

test("metadata is laid over the old, and null takes away", () => {
  expect(merged({ a: 1, b: 2 }, { a: null, c: 3 })).toEqual({ b: 2, c: 3 });
});

test("an address is lower-cased and trimmed, and what is not named stays untouched", () => {
  const verdict = judgeChange({ email: " Ann@Example.org " });

  expect(verdict).toMatchObject({
    kind: "fine",
    change: {
      email: "ann@example.org",
      password: null,
      appMetadata: null,
      banSeconds: null,
      emailConfirm: false,
    },
  });
});

test.each([
  ["an id that is none", { id: "1" }, "validation_failed"],
  ["an address that is none", { email: "ann" }, "validation_failed"],
  ["a short password", { password: "12345" }, "weak_password"],
  ["a password that bcrypt would cut", { password: "ä".repeat(37) }, "validation_failed"],
  ["a hash that is none", { password_hash: "secret" }, "validation_failed"],
  ["a phone number", { phone: "+431234567" }, "not_implemented"],
])("%s is refused", async (_what, body, code) => {
  const verdict = judgeChange(body);

  expect(verdict.kind).toBe("refused");
  if (verdict.kind === "refused") expect(await verdict.answer.json()).toMatchObject({ error_code: code });
});
