/** Inviting survives a crash at any step: whatever was mailed last works, and only that. */

import { KICK_HEADER, signKick } from "@sealpost/shared/crypto/signature.ts";
import { afterAll, beforeAll, expect, inject, test, vi } from "vitest";
import type { LogLine } from "../_shared/log.ts";
import { type Guest, type GuestHouse, openGuestHouse, passwordIn } from "../_shared/testing/guest-house.ts";
import { primitives, signingKeyOf } from "../_shared/testing/newcomer.ts";
import type { DueInvite } from "./accounts.ts";
import { type InvitePorts, makeInvite } from "./invite.ts";
import { portsFromEnvironment } from "./ports.ts";

vi.setConfig({ testTimeout: 60_000 }); // passwords are meant to cost time

let house: GuestHouse;
beforeAll(async () => {
  house = await openGuestHouse(inject("stack"));
});
afterAll(() => house.leave());

/** The power goes at one step: nothing after it happens, not even a note of the failure. */
type Step =
  | "before the user is made"
  | "after the user is made"
  | "before the mail"
  | "after the mail"
  | "before the note";

function cutAt(step: Step, real: InvitePorts, log: LogLine[]): InvitePorts {
  const cut = () => Promise.reject(new Error("power cut"));
  const after = async (work: Promise<unknown>) => work.then(cut);
  return {
    ...real,
    rim: { ...real.rim, log: (line) => log.push(line) },
    outbox: { record: cut },
    accounts: {
      ...real.accounts,
      create: (account, to) => {
        if (step === "before the user is made") return cut();
        return step === "after the user is made"
          ? after(real.accounts.create(account, to))
          : real.accounts.create(account, to);
      },
    },
    newPostman() {
      const postman = real.newPostman();
      return {
        ...postman,
        deliver: async (mail) => {
          if (step === "before the mail") await cut();
          const delivery = await postman.deliver(mail);
          if (step === "after the mail") await cut();
          return delivery;
        },
      };
    },
  };
}

/** One kick of a function whose power is cut, for this guest's invitation. */
async function kickWithCut(guest: Guest, step: Step): Promise<LogLine[]> {
  const env = house.environmentOf("invite");
  const real = portsFromEnvironment((name) => env[name]);
  const log: LogLine[] = [];
  const own = await claimOf(guest, real);
  const ports = {
    ...cutAt(step, real, log),
    accounts: { ...cutAt(step, real, log).accounts, claim: async () => [own] },
  };
  const header = await signKick(primitives, await signingKeyOf(house.stack.deployment), {
    name: "invite",
    atMs: Date.now(),
  });
  const answer = await makeInvite(ports)(
    new Request("http://invite", { method: "POST", headers: { [KICK_HEADER]: header } }),
  );
  expect(answer.status).toBe(500);
  await leaseEnds(guest);
  return log;
}

/** Other tests' invitations wait in the same outbox: this one is made the first in line. */
async function claimOf(guest: Guest, real: InvitePorts): Promise<DueInvite> {
  await house.database.query("update public.notices set due_at = '2000-01-01' where account_id = $1", [
    guest.id,
  ]);
  const [claimed] = await real.accounts.claim(1);
  return claimed!;
}

async function leaseEnds(guest: Guest): Promise<void> {
  await house.database.query(
    "update public.notices set claimed_until = now() - interval '1 second' where account_id = $1",
    [guest.id],
  );
}

async function passwordsMailedTo(guest: Guest): Promise<string[]> {
  return (await house.mailsTo(guest.address)).flatMap((mail) => passwordIn(mail.text) ?? []);
}

for (const step of [
  "before the user is made",
  "after the user is made",
  "before the mail",
  "after the mail",
  "before the note",
] as const) {
  test(`the power goes ${step}: the next kick mails a password that works, and no other works`, async () => {
    const bob = await house.receive("bob");
    const log = await kickWithCut(bob, step);

    await house.kickFor(bob, "invite");

    const mailed = await passwordsMailedTo(bob);
    const works = [];
    for (const password of mailed) works.push((await house.signIn(bob.address, password)).body.kind);
    expect(works).toEqual([...Array(mailed.length - 1).fill("refused"), "signed-in"]);
    for (const password of mailed) expect(JSON.stringify(log)).not.toContain(password);
  });
}

test("asked for again, the old password works until the new one was taken by the next server", async () => {
  const bob = await house.receive("bob");
  await house.kickFor(bob, "invite");
  await house.database.query(
    "insert into public.notices (kind, account_id, address) values ('temporary_password', $1, $2)",
    [bob.id, bob.address],
  );

  await kickWithCut(bob, "before the mail");

  const [first] = await passwordsMailedTo(bob);
  expect((await house.signIn(bob.address, first!)).body.kind).toBe("signed-in");
  await house.kickFor(bob, "invite");
  expect((await house.signIn(bob.address, first!)).body.kind).toBe("refused");
  expect((await house.signIn(bob.address, await house.temporaryPasswordOf(bob))).body.kind).toBe("signed-in");
});

test("a key that somebody slipped into the database is not wrapped for anybody", async () => {
  const [bob, eve] = [await house.receive("bob"), await house.receive("eve")];
  await house.database.query(
    `update public.accounts b set public_key = e.public_key, invite_sealed = e.invite_sealed, attestation = e.attestation
     from public.accounts e where b.id = $1 and e.id = $2`,
    [bob.id, eve.id],
  );

  await house.kickFor(bob, "invite");
  await house.kickFor(eve, "invite");

  expect(await passwordsMailedTo(bob)).toEqual([]);
  expect(await passwordsMailedTo(eve)).toHaveLength(1);
  const notice = await house.database.query(
    "select state, last_error from public.notices where account_id = $1",
    [bob.id],
  );
  expect(notice.rows).toEqual([
    { state: "failed", last_error: "The account's key is not the one that the gateway made." },
  ]);
});

test("somebody who has chosen a password meanwhile keeps it", async () => {
  const bob = await house.receive("bob");
  const env = house.environmentOf("invite");
  const real = portsFromEnvironment((name) => env[name]);
  const late = await claimOf(bob, real);
  await house.settle(bob, "quiet-Meadow-17");

  const stored = { authPassword: "x".repeat(43), wrappedKey: new Uint8Array(126) };
  await expect(real.accounts.replace(late.account, stored)).rejects.toThrow();

  expect((await house.signIn(bob.address, "quiet-Meadow-17")).body.kind).toBe("signed-in");
});
