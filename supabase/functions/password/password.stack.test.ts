/** Password changes on real parts: the password and the key that is wrapped under it, together or not at all. */
import { fromB64, toB64 } from "@sealpost/shared/bytes.ts";
import { unwrapAccountKey } from "@sealpost/shared/crypto/account-keys.ts";
import { afterAll, beforeAll, expect, inject, test, vi } from "vitest";
import { type Guest, type GuestHouse, openGuestHouse } from "../_shared/testing/guest-house.ts";
import { primitives } from "../_shared/testing/newcomer.ts";
import { makePassword } from "./password.ts";
import { portsFromEnvironment } from "./ports.ts";

vi.setConfig({ testTimeout: 60_000 }); // each password costs an Argon2id on the device and a bcrypt in Auth, one after the other

let house: GuestHouse;
beforeAll(async () => {
  house = await openGuestHouse(inject("stack"));
});
afterAll(() => house.leave());

const FIRST = "quiet-Meadow-17";
const SECOND = "loud-Harbour-23";

async function settled(name: string): Promise<{ guest: Guest; token: string }> {
  const guest = await house.receive(name);
  await house.settle(guest, FIRST);
  return { guest, token: (await house.signIn(guest.address, FIRST)).body.session.access_token };
}

/** Whether a person gets in with a password and can unwrap their key with it. */
async function works(guest: Guest, password: string): Promise<boolean> {
  const { body } = await house.signIn(guest.address, password);
  if (body.kind !== "signed-in") return false;
  const account = await house.myAccount(body.session.access_token);
  const { wrap } = await house.secretsOf(password, guest.address);
  const owner = { id: guest.id, address: guest.address, keyVersion: 1 };
  const wrapped = fromB64(account.wrapped_key)!;
  return (await unwrapAccountKey(primitives, wrap, { owner, wrapped })).kind === "opened";
}

test("the new password opens the account and its key, the old one nothing, and other sessions have ended", async () => {
  const { guest, token } = await settled("bob");

  const changed = await house.changePassword(guest, token, FIRST, SECOND);

  expect(changed.body.kind).toBe("changed");
  expect(await house.myAccount(token)).toBeNull();
  expect([await works(guest, FIRST), await works(guest, SECOND)]).toEqual([false, true]);
});

test("two changes at once: one password wins, and it is the one that opens the key", async () => {
  const { guest, token } = await settled("bob");
  const third = "still-River-42";

  await Promise.all([
    house.changePassword(guest, token, FIRST, SECOND),
    house.changePassword(guest, token, FIRST, third),
  ]);

  const outcome = [await works(guest, SECOND), await works(guest, third)];
  expect(outcome.filter(Boolean)).toEqual([true]);
  expect(await works(guest, FIRST)).toBe(false);
});

test("without the current password a session changes nothing, and guessing it locks", async () => {
  const { guest, token } = await settled("bob");

  const answers = [];
  for (let i = 0; i < 6; i += 1) {
    answers.push((await house.changePassword(guest, token, "a wrong guess", SECOND)).body.kind);
  }

  expect(answers).toEqual([...Array(5).fill("refused"), "locked"]);
  await house.database.query("delete from private.attempts where scope = 'address'");
  expect([await works(guest, FIRST), await works(guest, SECOND)]).toEqual([true, false]);
});

test("the same password again is no change", async () => {
  const { guest, token } = await settled("bob");

  expect((await house.changePassword(guest, token, FIRST, FIRST)).body).toEqual({ kind: "refused" });
  expect(await works(guest, FIRST)).toBe(true);
});

test("a temporary password past its life cannot be changed into one's own", async () => {
  const guest = await house.receive("bob");
  await house.kickFor(guest, "invite");
  const temporary = await house.temporaryPasswordOf(guest);
  const token = (await house.signIn(guest.address, temporary)).body.session.access_token;
  await house.database.query(
    "update public.accounts set temporary_password_expires_at = now() where id = $1",
    [guest.id],
  );

  const answer = await house.changePassword(guest, token, temporary, FIRST);

  expect(answer.body).toEqual({ kind: "expired" });
});

test("without a session nothing is changed, and nobody learns whose it was", async () => {
  const { guest } = await settled("bob");

  const answer = await house.changePassword(guest, "not.a.token", FIRST, SECOND);

  expect([answer.status, answer.body]).toEqual([401, { kind: "signed-out" }]);
});

test("a crash between the wrap and the password leaves the old password working with the old wrap", async () => {
  const { guest, token } = await settled("bob");
  const env = house.environmentOf("password");
  const real = portsFromEnvironment((name) => env[name]);
  const lines: unknown[] = [];
  const crashing = makePassword({
    ...real,
    log: (line) => lines.push(line),
    accounts: {
      ...real.accounts,
      async change(id, { wrappedKey }) {
        await real.backend.call("add_pending_wrap", {
          p_account: id,
          p_purpose: "chosen",
          p_wrapped_key: toB64(wrappedKey),
        });
        throw new Error(`power cut while ${SECOND} was being set`);
      },
    },
  });

  const answer = await crashing(await house.passwordRequest(guest, token, { from: FIRST, to: SECOND }));

  expect(answer.status).toBe(500);
  expect([await works(guest, FIRST), await works(guest, SECOND)]).toEqual([true, false]);
  expect(JSON.stringify(lines)).not.toContain(SECOND);
});
