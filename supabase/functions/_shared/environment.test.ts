/** Starting a function with a wrong environment: everything that is wrong is named, and no value is. */
import { expect, test } from "vitest";
import { attemptEnvironment } from "./attempt-environment.ts";

const good: Record<string, string> = {
  SUPABASE_URL: "http://localhost:54321",
  SUPABASE_SERVICE_ROLE_KEY: "key",
  SEALPOST_PORTAL_URL: "https://secure.acme.example/",
  SEALPOST_PEPPER: Buffer.alloc(32, 1).toString("base64"),
  SEALPOST_ATTEMPTS_KEY: Buffer.alloc(32, 2).toString("base64"),
};

test("a complete environment starts", () => {
  expect(attemptEnvironment((name) => good[name]).portalOrigin).toBe("https://secure.acme.example");
});

test("what is missing and what is wrong is said at once, without the values", () => {
  const bad: Record<string, string> = {
    ...good,
    SEALPOST_PEPPER: "hunter2hunter2==",
    SUPABASE_URL: "ftp://x",
  };
  delete bad.SEALPOST_ATTEMPTS_KEY;

  expect(() => attemptEnvironment((name) => bad[name])).toThrow(
    "The edge function cannot start: SUPABASE_URL is not a URL (http: or https:); SEALPOST_PEPPER is not base64 of 32 bytes; SEALPOST_ATTEMPTS_KEY is missing.",
  );
});
