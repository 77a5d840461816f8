/** Signing in, with doors to the outside that do as told: time, limits, outages, and what the browser is told. */
import { webCryptoPrimitives } from "@sealpost/shared/crypto/webcrypto.ts";
import { expect, test } from "vitest";
import type { Attempt } from "../_shared/attempts.ts";
import type { Opening } from "../_shared/auth-sessions.ts";
import type { LogLine } from "../_shared/log.ts";
import { makeSignIn, SIGN_IN_FLOOR_MS, type SignInPorts } from "./sign-in.ts";

const SECRET = Buffer.alloc(32, 7).toString("base64");
const session = { access_token: "a", refresh_token: "r", token_type: "bearer" as const, expires_in: 3600 };
const opened: Opening = {
  kind: "opened",
  opened: {
    session,
    sessionId: "0b9f2c1e-6a57-4d0e-9a43-5d8c1c2f7e11",
    accountId: "1b9f2c1e-6a57-4d0e-9a43-5d8c1c2f7e11",
  },
};

/** A town whose Auth takes `authMs` to answer. */
function town(
  options: { opening?: Opening | Error; authMs?: number; lockedSeconds?: number; trusts?: boolean } = {},
) {
  const state = {
    nowMs: 0,
    ended: [] as string[],
    log: [] as LogLine[],
    attempts: [] as Attempt[],
    passwords: [] as string[],
  };
  const ports: SignInPorts = {
    primitives: webCryptoPrimitives(globalThis.crypto),
    pepper: new Uint8Array(32),
    attempts: {
      begin: async (attempt) => {
        state.attempts.push(attempt);
        return options.lockedSeconds ?? 0;
      },
      succeed: async () => options.trusts ?? true,
    },
    sessions: {
      async open({ password }) {
        state.passwords.push(password);
        state.nowMs += options.authMs ?? 90;
        if (options.opening instanceof Error) throw options.opening;
        return options.opening ?? { kind: "refused" };
      },
      accountOf: async () => undefined,
      end: async (token) => void state.ended.push(token),
    },
    proxyHeader: "x-forwarded-for",
    portalOrigin: "https://secure.acme.example",
    clock: {
      elapsedMs: () => state.nowMs,
      async waitMs(ms) {
        state.nowMs += ms;
      },
    },
    log: (line) => state.log.push(line),
  };
  const handle = makeSignIn(ports);
  const call = async (body: unknown, init: RequestInit = {}) => {
    const text = typeof body === "string" ? body : JSON.stringify(body);
    const headers = { "x-forwarded-for": "2001:db8:1:2:3::9" };
    const response = await handle(new Request("http://x", { method: "POST", body: text, headers, ...init }));
    return { status: response.status, body: JSON.parse(await response.text()), headers: response.headers };
  };
  return { state, handle, call };
}

const right = { address: "Bob@Guest.example", secret: SECRET };

test("a refusal leaves at the floor, however fast or slow Auth was; beyond it at a whole multiple", async () => {
  const times = [];
  for (const authMs of [1, 90, SIGN_IN_FLOOR_MS - 1, SIGN_IN_FLOOR_MS + 1]) {
    const { state, call } = town({ authMs });
    expect((await call(right)).body).toEqual({ kind: "refused" });
    times.push(state.nowMs);
  }

  expect(times).toEqual([SIGN_IN_FLOOR_MS, SIGN_IN_FLOOR_MS, SIGN_IN_FLOOR_MS, 2 * SIGN_IN_FLOOR_MS]);
});

test("a lock-out asks Auth nothing and takes its time too", async () => {
  const { state, call } = town({ lockedSeconds: 899, opening: opened });

  expect((await call(right)).body).toEqual({ kind: "locked", seconds: 899 });
  expect([state.passwords, state.nowMs]).toEqual([[], SIGN_IN_FLOOR_MS]);
});

test("an outage of Auth is no wrong password, and takes its time too", async () => {
  const { state, call } = town({ opening: new Error(`no route to ${SECRET}`) });

  const answer = await call(right);

  expect([answer.status, answer.body, state.nowMs]).toEqual([500, { kind: "failed" }, SIGN_IN_FLOOR_MS]);
  expect(JSON.stringify(state.log)).not.toContain(SECRET);
});

test("where Auth itself takes no more attempts, the person is told to wait", async () => {
  expect((await town({ opening: { kind: "limited" } }).call(right)).body).toEqual({
    kind: "locked",
    seconds: 300,
  });
});

test("a right password gives the session at once, counted under one spelling and by its /64", async () => {
  const { state, call } = town({ opening: opened });

  const answer = await call(right);

  expect(answer.body).toEqual({ kind: "signed-in", session });
  expect(state.attempts).toEqual([{ address: "bob@guest.example", network: "2001:db8:1:2::/64" }]);
  expect(state.nowMs).toBe(90);
  expect(state.passwords[0]).not.toContain(SECRET);
});

test("a session that the database does not trust is ended, and refused like a wrong password", async () => {
  const { state, call } = town({ opening: opened, trusts: false });

  expect((await call(right)).body).toEqual({ kind: "refused" });
  expect([state.ended, state.nowMs]).toEqual([["a"], SIGN_IN_FLOOR_MS]);
});

test("the portal may call it from its own address, nobody else's page may read the answer", async () => {
  const { handle, call } = town();

  const preflight = await handle(new Request("http://x", { method: "OPTIONS" }));

  expect(preflight.status).toBe(204);
  for (const { headers } of [preflight, await call(right)]) {
    expect(headers.get("access-control-allow-origin")).toBe("https://secure.acme.example");
  }
  expect((await call(right)).headers.get("cache-control")).toBe("no-store");
});

test.each([
  ["no JSON", "{"],
  ["a list", "[]"],
  ["no secret", { address: "bob@guest.example" }],
  ["no address", { secret: SECRET }],
  ["an address that is none", { address: "bob", secret: SECRET }],
  ["a secret of another length", { address: "bob@guest.example", secret: "AAAA" }],
  ["a number for an address", { address: 7, secret: SECRET }],
  ["nine kilobytes", { address: "bob@guest.example", secret: SECRET, more: "x".repeat(9_000) }],
])("%s is answered with 400 and a sentence, uncounted", async (_what, body) => {
  const { state, call } = town();

  const answer = await call(body);

  expect([answer.status, answer.body.kind, state.attempts]).toEqual([400, "malformed", []]);
  expect(answer.body.message).toMatch(/\.$/);
});
