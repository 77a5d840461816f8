import { expect, test } from "vitest";
import { bearerOf, readToken, signToken } from "./token.ts";

const secret = "a secret of thirty-two characters or more";
const claims = { sub: "ann", role: "authenticated", exp: 2000 };
const nowMs = 1_000_000;
const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");

test("a token of ours is read", () => {
  expect(readToken(signToken(claims, secret), secret, nowMs)).toEqual(claims);
});

test("a token past its end, or without one, is not", () => {
  expect(readToken(signToken(claims, secret), secret, 2_000_000)).toBeNull();
  expect(readToken(signToken({ sub: "ann" }, secret), secret, nowMs)).toBeNull();
});

test("no part of a token can be changed", () => {
  const [head, body, signature] = signToken(claims, secret).split(".") as [string, string, string];
  const forged = part({ ...claims, sub: "eve" });

  for (const token of [
    `${head}.${forged}.${signature}`,
    `${part({ alg: "none" })}.${body}.`,
    `${part({ alg: "none" })}.${body}.${signature}`,
    `${part({ alg: "HS512", typ: "JWT" })}.${body}.${signature}`,
    `${head}.${body}`,
    `${head}.${body}.${signature}.x`,
    `${head}.${body}.${signature.slice(0, -1)}`,
    "",
  ]) {
    expect(readToken(token, secret, nowMs), token).toBeNull();
  }
});

test("a token of another secret is nobody's", () => {
  expect(readToken(signToken(claims, "another secret"), secret, nowMs)).toBeNull();
});

test("only a bearer token is a bearer token", () => {
  const asked = (authorization: string) => bearerOf(new Request("http://x", { headers: { authorization } }));

  expect(asked("Bearer abc")).toBe("abc");
  expect(asked("Basic abc")).toBeNull();
  expect(bearerOf(new Request("http://x"))).toBeNull();
});
