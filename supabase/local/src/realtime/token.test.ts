import { createHmac, randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { judgeToken } from "./token.ts";

const secret = "a secret of a deployment, long enough";
const now = Date.UTC(2026, 10, 24);
const inAnHour = now / 1000 + 3600;

test("a token of a signed-in person is valid until its end, and not a moment longer", () => {
  const sessionId = randomUUID();
  const token = sign({ role: "authenticated", session_id: sessionId, exp: inAnHour });

  const before = judgeToken(token, secret, inAnHour * 1000 - 1);
  const after = judgeToken(token, secret, inAnHour * 1000);

  expect(before).toMatchObject({
    kind: "valid",
    claims: { role: "authenticated", sessionId, endsAtMs: inAnHour * 1000 },
  });
  expect(after).toEqual({ kind: "expired" });
});

test("Eve changes every single character of Bob's token in turn, and none is valid", () => {
  const token = sign({ role: "authenticated", exp: inAnHour });
  const changes = [...token].map(
    (character, at) => `${token.slice(0, at)}${character === "A" ? "B" : "A"}${token.slice(at + 1)}`,
  );
  const lastCharacterHasSpareBits = changes.slice(0, -1);

  const valid = lastCharacterHasSpareBits.filter(
    (changed) => judgeToken(changed, secret, now).kind === "valid",
  );

  expect(valid).toEqual([]);
});

test.each([
  ["signed with another secret", sign({ role: "authenticated", exp: inAnHour }, "another")],
  ["without signature", sign({ role: "authenticated", exp: inAnHour }).replace(/[^.]+$/, "")],
  ["of algorithm none", sign({ role: "authenticated", exp: inAnHour }, secret, "none")],
  ["of a role of the database", sign({ role: "postgres", exp: inAnHour })],
  ["without an end", sign({ role: "authenticated" })],
  ["of four parts", `${sign({ role: "authenticated", exp: inAnHour })}.x`],
  ["that is no token", "hello"],
  ["that is empty", ""],
])("a token %s is invalid", (_, token) => {
  expect(judgeToken(token, secret, now)).toEqual({ kind: "invalid" });
});

test("a session that is no id is no session", () => {
  const token = sign({ role: "authenticated", session_id: "' or true", exp: inAnHour });

  expect(judgeToken(token, secret, now)).toMatchObject({ claims: { sessionId: null } });
});

function sign(claims: object, key = secret, alg = "HS256"): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const signed = `${part({ alg })}.${part(claims)}`;
  return `${signed}.${createHmac("sha256", key).update(signed).digest("base64url")}`;
}
