/** Sweeping on real parts: what nobody can read any more is gone from Storage, and nothing else. */
import { randomBytes, randomUUID } from "node:crypto";
import { createClient } from "@supabase/supabase-js";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { type GuestHouse, openGuestHouse } from "../_shared/testing/guest-house.ts";

let house: GuestHouse;
beforeAll(async () => {
  house = await openGuestHouse(inject("stack"));
});
afterAll(() => house.leave());

async function upload(state: {
  reservedHoursAgo: number;
  attached?: boolean;
  ended?: boolean;
}): Promise<string> {
  const name = randomUUID();
  await house.database.query(
    `insert into private.uploads (object_name, cipher_bytes, reserved_at, attached_at, delete_after)
     values ($1, 64, now() - $2 * interval '1 hour', case when $3 then now() end, case when $4 then now() end)`,
    [name, state.reservedHoursAgo, state.attached ?? false, state.ended ?? false],
  );
  const { error } = await bucket().upload(name, randomBytes(64));
  expect(error).toBeNull();
  return name;
}

function bucket() {
  const { apiUrl, serviceRoleKey } = house.stack;
  return createClient(apiUrl, serviceRoleKey, { auth: { persistSession: false } }).storage.from(
    "attachments",
  );
}

async function left(names: readonly string[]): Promise<boolean[]> {
  return await Promise.all(names.map(async (name) => (await bucket().download(name)).data !== null));
}

test("objects of ended messages and uploads never attached go; those in use and those under way stay", async () => {
  const ended = await upload({ reservedHoursAgo: 30, attached: true, ended: true });
  const forgotten = await upload({ reservedHoursAgo: 25 });
  const inUse = await upload({ reservedHoursAgo: 30, attached: true });
  const underWay = await upload({ reservedHoursAgo: 1 });
  expect(await left([ended, forgotten, inUse, underWay])).toEqual([true, true, true, true]);

  await house.kick("sweep");

  expect(await left([ended, forgotten, inUse, underWay])).toEqual([false, false, true, true]);
  const known = await house.database.query(
    "select object_name from private.uploads where object_name = any ($1)",
    [[ended, forgotten, inUse, underWay]],
  );
  expect(known.rows.map((row) => row.object_name).sort()).toEqual([inUse, underWay].sort());
});
