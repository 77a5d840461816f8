/** First contact: a notice and a temporary password in two mails, and nothing of either anywhere else. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fromB64 } from "@sealpost/shared/bytes.ts";
import { unwrapAccountKey } from "@sealpost/shared/crypto/account-keys.ts";
import { afterAll, beforeAll, expect, inject, test, vi } from "vitest";
import { type GuestHouse, openGuestHouse, passwordIn } from "../_shared/testing/guest-house.ts";
import { primitives } from "../_shared/testing/newcomer.ts";

vi.setConfig({ testTimeout: 60_000 }); // passwords are meant to cost time

let house: GuestHouse;
beforeAll(async () => {
  house = await openGuestHouse(inject("stack"));
});
afterAll(() => house.leave());

test("Bob gets two mails, from which he can sign in and choose a password of his own", async () => {
  const bob = await house.receive("bob");

  await house.kickFor(bob, "invite");
  await house.kickFor(bob, "notify");

  const mails = await house.mailsTo(bob.address);
  expect(mails.map((mail) => mail.subject).sort()).toEqual([
    "Ann (Acme) sent you a secure message",
    "Your temporary password for Acme secure messages",
  ]);
  const temporary = await house.temporaryPasswordOf(bob);
  const typed = ` ${temporary.toLowerCase().replaceAll("-", " ")}`;
  const first = await house.signIn(bob.address, typed);
  expect(first.body.kind).toBe("signed-in");
  expect((await house.myAccount(first.body.session.access_token)).status).toBe("invited");

  const changed = await house.changePassword(
    bob,
    first.body.session.access_token,
    temporary,
    "quiet-Meadow-17",
  );
  expect(changed.body.kind).toBe("changed");
  const account = await house.myAccount(changed.body.session.access_token);
  expect(account.status).toBe("active");
  const { wrap } = await house.secretsOf("quiet-Meadow-17", bob.address);
  const owner = { id: bob.id, address: bob.address, keyVersion: 1 };
  const opened = await unwrapAccountKey(primitives, wrap, { owner, wrapped: fromB64(account.wrapped_key)! });
  expect(opened).toEqual({ kind: "opened", value: bob.bare });
  expect((await house.signIn(bob.address, temporary)).body).toEqual({ kind: "refused" });
});

test("the notice links to its delivery, the password's mail to the front page only, and both can be answered by machines", async () => {
  const bob = await house.receive("bob");

  await house.kickFor(bob, "invite");
  await house.kickFor(bob, "notify");

  const mails = await house.mailsTo(bob.address);
  const notice = mails.find((mail) => passwordIn(mail.text) === undefined)!;
  const password = mails.find((mail) => passwordIn(mail.text) !== undefined)!;
  const portal = new URL(house.stack.portalUrl).origin;
  for (const part of [notice.text, notice.html]) expect(part).toContain(`${portal}/m/${bob.deliveryId}`);
  for (const part of [password.text, password.html]) {
    expect(part.match(/https?:\/\/[^\s"'<]+/g)!.filter((url) => url.replace(/\/$/, "") !== portal)).toEqual(
      [],
    );
  }
  for (const mail of mails) {
    const returnAddress = new RegExp(`^notices\\+[0-9a-f-]{36}@${house.stack.organisation.noticeDomain}$`);
    expect(mail.headers["auto-submitted"]).toBe("auto-generated");
    expect(mail.envelope.from.address).toMatch(returnAddress);
    expect(await house.sourceOf(mail)).toMatch(
      new RegExp(`^Reply-To:[^<]*<${mail.envelope.from.address.replace("+", "\\+")}>`, "m"),
    );
    expect(mail.attachments.map((file) => file.contentId)).toEqual(["seal@sealpost"]);
    expect(mail.html).not.toMatch(/src="https?:/);
  }
  const address = `notices@${house.stack.organisation.noticeDomain}`;
  expect(notice.from).toEqual([{ address, name: "Ann via Acme" }]);
  expect(password.from).toEqual([{ address, name: "Acme" }]);
});

test("a notice is sent once, and its receipt says notified", async () => {
  const bob = await house.receive("bob");

  await house.kickFor(bob, "notify");
  await house.kickFor(bob, "notify");

  expect(await house.mailsTo(bob.address)).toHaveLength(1);
  const receipts = await house.database.query("select kind from public.receipts where delivery_id = $1", [
    bob.deliveryId,
  ]);
  expect(receipts.rows).toEqual([{ kind: "notified" }]);
});

test("a message that ended before its notice went out is not announced, and nothing is said to have bounced", async () => {
  const bob = await house.receive("bob", { expiresAt: new Date(Date.now() + 60_000) });
  await house.database.query(
    "update public.messages set expires_at = now() - interval '1 second' where id = (select message_id from public.deliveries where id = $1)",
    [bob.deliveryId],
  );

  await house.kickFor(bob, "notify");

  expect(await house.mailsTo(bob.address)).toEqual([]);
  const delivery = await house.database.query(
    "select notified_at, bounced_at from public.deliveries where id = $1",
    [bob.deliveryId],
  );
  expect(delivery.rows).toEqual([{ notified_at: null, bounced_at: null }]);
});

test("the temporary password is nowhere at rest", async () => {
  const bob = await house.receive("bob");
  await house.kickFor(bob, "invite");
  const temporary = await house.temporaryPasswordOf(bob);
  const spellings = [temporary, temporary.replaceAll("-", ""), temporary.toLowerCase()];
  const found = await filesHolding(house.stack.dataDir, { spellings, address: [bob.address] });

  expect(found.spellings).toEqual([]);
  expect(found.address).not.toEqual([]); // the search can find what is there
});

test("nobody but the gateway wakes a function", async () => {
  for (const name of ["invite", "notify", "sweep"]) {
    const unsigned = await house.post(name, {});
    const forged = await house.post(name, {}, { "x-sealpost-kick": "MTc.AAAA" });

    expect([name, unsigned.status, forged.status]).toEqual([name, 401, 401]);
  }
});

/** The files of a folder that hold one of the needles, by the needles' name. What is not in a table yet is in the WAL. */
async function filesHolding<Name extends string>(folder: string, needles: Record<Name, readonly string[]>) {
  const found = Object.fromEntries(
    Object.keys(needles).map((name): [string, string[]] => [name, []]),
  ) as Record<Name, string[]>;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const bytes = await readFile(path).catch(() => Buffer.alloc(0)); // the database may just have removed it
    for (const name of Object.keys(needles) as Name[]) {
      if (needles[name].some((needle) => bytes.includes(needle))) found[name].push(path);
    }
  }
  return found;
}
