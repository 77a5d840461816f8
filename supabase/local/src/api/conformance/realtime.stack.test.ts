/** Private channels over the API's port, by supabase-js, with the policies on `realtime.messages`. */
import { randomUUID } from "node:crypto";
import type { RealtimeChannel } from "@supabase/supabase-js";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Person, type TemporaryApi, temporaryApi } from "./temporary-api.ts";

let api: TemporaryApi;
let ann: Person;

beforeAll(async () => {
  api = await temporaryApi();
  await api.sql.unsafe(`
    create policy "own channel" on realtime.messages for select to authenticated
      using ((select realtime.topic()) = 'person:' || (select auth.uid())::text);`);
  ann = await api.person("ann");
});

afterAll(() => api.stop());

/** Joins and tells how it went. */
async function join(person: Person, topic: string): Promise<{ channel: RealtimeChannel; status: string }> {
  await person.client.realtime.setAuth();
  const channel = person.client.channel(topic, { config: { private: true } });
  const status = await new Promise<string>((resolve) => channel.subscribe((state) => resolve(state)));
  return { channel, status };
}

const leave = async (person: Person) => {
  await person.client.removeAllChannels();
  await person.client.realtime.disconnect();
};

test("Ann hears on her own channel what the database says there", async () => {
  const { channel, status } = await join(ann, `person:${ann.id}`);
  const heard = new Promise((resolve) =>
    channel.on("broadcast", { event: "letter" }, ({ payload }) => resolve(payload)),
  );
  const letter = { letter: randomUUID() };

  await api.sql`select realtime.send(${api.sql.json(letter)}, 'letter', ${`person:${ann.id}`}, true)`;

  expect(status).toBe("SUBSCRIBED");
  expect(await heard).toMatchObject(letter);
  await leave(ann);
});

test("Eve does not get onto Ann's channel", async () => {
  const eve = await api.person("eve");

  const { status } = await join(eve, `person:${ann.id}`);

  expect(status).toBe("CHANNEL_ERROR");
  await leave(eve);
});
