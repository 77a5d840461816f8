/** Signing in on real parts: what an outsider can learn and try, and which sessions count. */
import { randomBytes, randomUUID } from "node:crypto";
import { fromB64 } from "@sealpost/shared/bytes.ts";
import { authPassword } from "@sealpost/shared/password/password.ts";
import { createClient } from "@supabase/supabase-js";
import { afterAll, beforeAll, expect, inject, test, vi } from "vitest";
import { type Guest, type GuestHouse, openGuestHouse } from "../_shared/testing/guest-house.ts";
import { primitives } from "../_shared/testing/newcomer.ts";
import { SIGN_IN_FLOOR_MS } from "./sign-in.ts";

vi.setConfig({ testTimeout: 60_000 }); // passwords are meant to cost time

let house: GuestHouse;
beforeAll(async () => {
  house = await openGuestHouse(inject("stack"));
});
afterAll(() => house.leave());

const PASSWORD = "quiet-Meadow-17";
const wrongSecret = () => randomBytes(32).toString("base64");
const guess = (address: string) => house.post("sign-in", { address, secret: wrongSecret() });
const unknownAddress = () => `nobody-${randomUUID()}@guest.example`;

async function settled(name: string): Promise<Guest> {
  const guest = await house.receive(name);
  await house.settle(guest, PASSWORD);
  return guest;
}

test("a wrong password and an unknown address get the same words, in times that cannot be told apart", async () => {
  const [bob, bea] = [await settled("bob"), await settled("bea")];
  const times = { known: [] as number[], unknown: [] as number[] };
  const bodies = new Set<string>();

  for (let round = 0; round < 2; round += 1) {
    for (const [kind, address] of [
      ["known", bob.address],
      ["unknown", unknownAddress()],
      ["known", bea.address],
      ["unknown", unknownAddress()],
    ] as const) {
      const started = performance.now();
      const answer = await guess(address);
      times[kind].push(performance.now() - started);
      bodies.add(JSON.stringify(answer));
    }
  }

  expect([...bodies]).toEqual([JSON.stringify({ status: 200, body: { kind: "refused" } })]);
  expect(Math.min(...times.known, ...times.unknown)).toBeGreaterThanOrEqual(SIGN_IN_FLOOR_MS);
  expect(Math.min(...times.known)).toBeLessThan(Math.max(...times.unknown));
  expect(Math.min(...times.unknown)).toBeLessThan(Math.max(...times.known));
});

test("twenty guesses at once get five tries, whether the address exists or not", async () => {
  const bob = await settled("bob");

  for (const address of [bob.address, unknownAddress()]) {
    const answers = await Promise.all(Array.from({ length: 20 }, () => guess(address)));

    const kinds = answers.map(({ body }) => body.kind).sort();
    expect(kinds).toEqual([...Array(15).fill("locked"), ...Array(5).fill("refused")]);
    expect(answers.find(({ body }) => body.kind === "locked")!.body.seconds).toBeGreaterThan(800);
  }
  expect((await house.signIn(bob.address, PASSWORD)).body.kind).toBe("locked");
});

test("four wrong guesses and then the right password: in, and the count starts anew", async () => {
  const bob = await settled("bob");
  for (let i = 0; i < 4; i += 1) await guess(bob.address);

  const secret = (await house.secretsOf(PASSWORD, bob.address)).signIn;
  const answer = await house.post("sign-in", { address: ` ${bob.address.toUpperCase()}`, secret });

  expect(answer.body.kind).toBe("signed-in");
  for (let i = 0; i < 5; i += 1) expect((await guess(bob.address)).body.kind).toBe("refused");
});

test("a temporary password past its life opens nothing", async () => {
  const bob = await house.receive("bob");
  await house.kickFor(bob, "invite");
  const temporary = await house.temporaryPasswordOf(bob);
  await house.database.query(
    "update public.accounts set temporary_password_expires_at = now() - interval '1 second' where id = $1",
    [bob.id],
  );

  const answer = await house.signIn(bob.address, temporary);

  expect(answer.body).toEqual({ kind: "refused" });
  expect(await sessionsOf(bob)).toBe(0);
});

test("a suspended person is refused like a stranger", async () => {
  const bob = await settled("bob");
  await house.database.query("update public.accounts set status = 'suspended' where id = $1", [bob.id]);

  expect((await house.signIn(bob.address, PASSWORD)).body).toEqual({ kind: "refused" });
});

test("a session from Auth's own door counts for nothing, even with the right password or a mailed code", async () => {
  const bob = await settled("bob");
  const { apiUrl, anonKey, deployment } = house.stack;
  const direct = createClient(apiUrl, anonKey, { auth: { persistSession: false } });
  const secret = (await house.secretsOf(PASSWORD, bob.address)).signIn;
  const pepper = fromB64(deployment.pepper)!;
  const password = await authPassword(primitives, pepper, { address: bob.address, secret });

  const withPassword = await direct.auth.signInWithPassword({ email: bob.address, password });
  await direct.auth.signInWithOtp({ email: bob.address, options: { shouldCreateUser: false } });
  const mail = (await house.mailsTo(bob.address)).at(-1)!;
  const code = /\b\d{6}\b/.exec(mail.text ?? mail.html)?.[0] ?? "";
  const withCode = await direct.auth.verifyOtp({ email: bob.address, token: code, type: "email" });

  expect(await house.myAccount(withPassword.data.session!.access_token)).toBeNull();
  expect(await house.myAccount(withCode.data.session!.access_token)).toBeNull();
  const ours = await house.signIn(bob.address, PASSWORD);
  expect((await house.myAccount(ours.body.session.access_token)).status).toBe("active");
});

test("Auth's own door takes neither the password nor the secret of the device", async () => {
  const bob = await settled("bob");
  const { apiUrl, anonKey } = house.stack;
  const direct = createClient(apiUrl, anonKey, { auth: { persistSession: false } });
  const secret = (await house.secretsOf(PASSWORD, bob.address)).signIn;

  for (const password of [PASSWORD, secret]) {
    const { data, error } = await direct.auth.signInWithPassword({ email: bob.address, password });

    expect([data.session, error?.status]).toEqual([null, 400]);
  }
});

test("malformed calls are answered in a sentence, and never a crash", async () => {
  const secret = wrongSecret();
  for (const body of [
    null,
    [],
    {},
    { address: "bob@guest.example" },
    { address: "bob", secret },
    { address: "bob@guest.example", secret: "short" },
  ]) {
    const answer = await house.post("sign-in", body);

    expect([answer.status, answer.body.kind, typeof answer.body.message]).toEqual([
      400,
      "malformed",
      "string",
    ]);
  }
});

async function sessionsOf(guest: Guest): Promise<number> {
  const rows = await house.database.query("select 1 from auth.sessions where user_id = $1", [guest.id]);
  return rows.rowCount ?? 0;
}
