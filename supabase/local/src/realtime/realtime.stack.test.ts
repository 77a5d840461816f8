import { createHmac, randomUUID } from "node:crypto";
import { createClient, type SupabaseClient } from "@supabase/supabase-js";
import { Client } from "pg";
import { afterAll, afterEach, beforeAll, expect, inject, test, vi } from "vitest";
import { WebSocket } from "ws";
import { type Session, signInDemo } from "../testing/demo-session.ts";
import { limits } from "./connection.ts";

const stack = inject("stack");
const clients: SupabaseClient[] = [];
let database: Client;
let alice: Session;
let carol: Session;

beforeAll(async () => {
  database = new Client(stack.databaseUrls.postgres);
  await database.connect();
  alice = await signInDemo(stack, "alice@acme.example");
  carol = await signInDemo(stack, "carol@acme.example");
});

afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.realtime.disconnect()));
});

afterAll(() => database.end());

test("Alice hears at once what the database announces to her", async () => {
  const listening = await listen(alice.accessToken, channelOf(alice));

  await announce(alice, { delivery_id: "d1" });

  expect(listening.outcome).toBe("SUBSCRIBED");
  await vi.waitFor(() => expect(listening.heard).toMatchObject([{ delivery_id: "d1" }]));
});

test("Carol, signed in, cannot listen to Alice's channel, and hears nothing of it", async () => {
  const eavesdropping = await listen(carol.accessToken, channelOf(alice));
  const listening = await listen(alice.accessToken, channelOf(alice));

  await announce(alice, { delivery_id: "d2" });

  await vi.waitFor(() => expect(listening.heard).toHaveLength(1));
  expect(eavesdropping.outcome).toMatch(/^CHANNEL_ERROR Unauthorized/);
  expect(eavesdropping.heard).toEqual([]);
});

test("a stranger with nothing but the public key joins no channel", async () => {
  const listening = await listen(stack.anonKey, channelOf(alice));

  expect(listening.outcome).toMatch(/^CHANNEL_ERROR Unauthorized/);
});

test("there are no public channels", async () => {
  const listening = await listen(alice.accessToken, channelOf(alice), { private: false });

  expect(listening.outcome).toMatch(/^CHANNEL_ERROR PrivateOnly/);
});

test("Alice's own device cannot speak on her channel", async () => {
  const listening = await listen(alice.accessToken, channelOf(alice), {
    broadcast: { ack: true, self: true },
  });

  const answer = await listening.channel.send({
    type: "broadcast",
    event: "delivery",
    payload: { forged: true },
  });

  expect(answer).toBe("error");
  expect(listening.heard).toEqual([]);
});

test("a session that was ended joins no channel, though its token has not run out", async () => {
  const session = await signInDemo(stack, "carol@acme.example");
  const before = await listen(session.accessToken, channelOf(session));
  await createClient(stack.apiUrl, stack.serviceRoleKey).auth.admin.signOut(session.accessToken, "local");

  const after = await listen(session.accessToken, channelOf(session));

  expect(before.outcome).toBe("SUBSCRIBED");
  expect(after.outcome).toMatch(/^CHANNEL_ERROR Unauthorized/);
});

test("a token's end closes its channel, and a new token in time keeps another open", async () => {
  const short = () => resigned(alice.accessToken, { exp: Math.ceil(Date.now() / 1000) + 2 });
  const kept = await listen(short(), channelOf(alice));
  const lost = await listen(short(), channelOf(alice));
  await kept.client.realtime.setAuth(alice.accessToken);

  await vi.waitFor(() => expect(lost.states).toContain("CLOSED"), { timeout: 5_000 });
  await announce(alice, { delivery_id: "d3" });

  await vi.waitFor(() => expect(kept.heard).toHaveLength(1));
  expect(lost.heard).toEqual([]);
});

test("a token that the deployment did not sign joins nothing", async () => {
  const listening = await listen(resigned(alice.accessToken, {}, "another secret"), channelOf(alice));

  expect(listening.outcome).toMatch(/^CHANNEL_ERROR MalformedJWT/);
});

test("after the database dropped its connection, announcements come again", async () => {
  const listening = await listen(alice.accessToken, channelOf(alice));
  await database.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where query = 'listen sealpost_realtime'",
  );

  await vi.waitFor(
    async () => {
      await announce(alice, { delivery_id: "d4" });
      expect(listening.heard).not.toEqual([]);
    },
    { timeout: 10_000, interval: 100 },
  );
});

test.each([
  ["a frame that is none", "hello", 1008],
  ["a frame that is too long", "x".repeat(limits.frameBytes + 1), 1009],
  ["bytes that are no broadcast", Buffer.from([9, 9, 9]), 1008],
])("%s ends the connection and nothing else", async (_, frame, code) => {
  const socket = await open(stack.anonKey);

  socket.send(frame);

  expect(await new Promise((resolve) => socket.once("close", resolve))).toBe(code);
  expect((await listen(alice.accessToken, channelOf(alice))).outcome).toBe("SUBSCRIBED");
});

test("nobody opens a socket without one of the project's keys", async () => {
  await expect(open("no key")).rejects.toThrow("401");
});

type Listening = {
  readonly client: SupabaseClient;
  readonly channel: ReturnType<SupabaseClient["channel"]>;
  readonly heard: object[];
  readonly states: string[];
  readonly outcome: string | undefined;
};

async function listen(token: string, topic: string, config: object = {}): Promise<Listening> {
  const client = createClient(stack.apiUrl, stack.anonKey, { auth: { persistSession: false } });
  clients.push(client);
  await client.realtime.setAuth(token);
  const heard: object[] = [];
  const states: string[] = [];
  const channel = client
    .channel(topic, { config: { private: true, ...config } })
    .on("broadcast", { event: "*" }, ({ payload }) => heard.push(payload));
  channel.subscribe((state, error) => states.push(error === undefined ? state : `${state} ${error.message}`));
  await vi.waitFor(() => expect(states).not.toEqual([]), { timeout: 5_000, interval: 5 });
  return { client, channel, heard, states, outcome: states[0] };
}

function channelOf(session: Session): string {
  return `account:${session.accountId}`;
}

async function announce(session: Session, payload: object): Promise<void> {
  await database.query("select realtime.send($1, 'delivery', $2, true)", [payload, channelOf(session)]);
}

function resigned(token: string, changes: object, secret = stack.jwtSecret): string {
  const [header, body = ""] = token.split(".");
  const claims = { ...JSON.parse(Buffer.from(body, "base64url").toString()), jti: randomUUID(), ...changes };
  const signed = `${header}.${Buffer.from(JSON.stringify(claims)).toString("base64url")}`;
  return `${signed}.${createHmac("sha256", secret).update(signed).digest("base64url")}`;
}

async function open(apikey: string): Promise<WebSocket> {
  const base = stack.apiUrl.replace("http", "ws");
  const socket = new WebSocket(
    `${base}/realtime/v1/websocket?vsn=2.0.0&apikey=${encodeURIComponent(apikey)}`,
  );
  await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject));
  return socket;
}
