import { fromB64, toB64 } from "@sealpost/shared/bytes.ts";
import type { SigningKey } from "@sealpost/shared/crypto/primitives.ts";
import { webCryptoPrimitives } from "@sealpost/shared/crypto/webcrypto.ts";
import { createRoot } from "solid-js";
import { beforeAll, expect, test } from "vitest";
import {
  DEPLOYMENT_ID,
  type MailToStore,
  makePerson,
  makeSigningKey,
  type Person,
  type StoredMail,
  storeMail,
} from "../../test/deployment.ts";
import { createVault, type OpenAccount } from "../account/vault.ts";
import { BackendFailure, type DeliveryRow, type OpenAnswer } from "../backend/backend.ts";
import { makeClock } from "../time/clock.ts";
import { createMessage } from "./message.ts";

const primitives = webCryptoPrimitives(globalThis.crypto);
const NOW = Date.parse("2026-11-24T12:00:00Z");
let signing: SigningKey;
let bob: Person;
let keys: OpenAccount;

beforeAll(async () => {
  signing = await makeSigningKey();
  bob = await makePerson(signing, {
    name: "Bob",
    address: "bob@example.org",
    password: "x",
    status: "active",
  });
  const vault = createVault({
    ...{ primitives, deploymentId: DEPLOYMENT_ID, signingPublicKey: signing.publicKey },
    derive: () => Promise.reject(new Error("no password here")),
  });
  const keyPair = await primitives.importKeyPair(bob.bare);
  const opened = await vault.open(bob.account, keyPair!, [bob.mailbox]);
  if (opened.kind !== "open") throw new Error("Bob's mailbox does not open");
  keys = opened.account;
});

const mailed = (mail: Partial<MailToStore> = {}) =>
  storeMail(signing, bob, {
    ...{
      from: { name: "Ann", address: "ann@acme.example" },
      subject: "Results",
      text: "All is well",
      storedAt: NOW,
    },
    ...mail,
  });

/** Bob's screen, and the server's side of it. */
function screenOf(
  mail: StoredMail,
  alter: (answer: StoredMail["opened"]) => StoredMail["opened"] = (same) => same,
) {
  const time = { now: NOW, timers: new Set<() => void>() };
  const server = {
    openings: [] as string[],
    row: mail.row as DeliveryRow | null,
    answer: null as OpenAnswer | null,
    failing: null as BackendFailure | null,
  };
  const clock = makeClock({
    now: () => time.now,
    setTimeout: (run) => {
      time.timers.add(run);
      return run;
    },
    clearTimeout: (run) => void time.timers.delete(run as () => void),
  });
  const rows: DeliveryRow[] = [];
  const { view, dispose } = createRoot((dispose) => ({
    dispose,
    view: createMessage({
      backend: {
        delivery: async () => server.row,
        open: async (_id, openingId) => {
          server.openings.push(openingId);
          if (server.failing !== null) throw server.failing;
          return server.answer ?? { ...alter(mail.opened), server_now_ms: time.now };
        },
      },
      keys,
      clock,
      newId: () => crypto.randomUUID(),
      onRow: (row) => void rows.push(row),
      onSignedOut: () => undefined,
    }),
  }));
  const moveTo = (now: number): void => {
    time.now = now;
    for (const run of [...time.timers]) run();
  };
  return { view, dispose, server, time, rows, moveTo, look: () => view.look(mail.row.delivery_id) };
}

test("Bob opens a message, and what he sees was verified", async () => {
  const { view, look } = screenOf(await mailed());

  await look();

  expect(view.state()).toMatchObject({
    kind: "shown",
    message: { header: { subject: "Results" }, body: { text: "All is well" } },
  });
});

test("whatever a database writer changes, nothing of the message is shown", async () => {
  const mail = await mailed({ expiresAt: NOW + 60_000 });
  const flip = (base64: string): string =>
    toB64((fromB64(base64) ?? new Uint8Array()).map((byte, at) => byte ^ (at === 40 ? 1 : 0)));
  const other = await mailed({ subject: "Other" });
  const changes: ((answer: StoredMail["opened"]) => Partial<StoredMail["opened"]>)[] = [
    ({ body }) => ({ body: flip(body) }),
    ({ header }) => ({ header: flip(header) }),
    ({ signature }) => ({ signature: flip(signature) }),
    () => ({ body: other.opened.body }),
    () => ({ latest_expiry_ms: NOW + 999_999, expires_at_ms: NOW + 999_999 }),
    () => ({ latest_expiry_ms: null, expires_at_ms: null }),
    ({ controls }) => ({ controls: { ...controls, print: !controls.print } }),
    ({ created_at_ms }) => ({ created_at_ms: created_at_ms + 1 }),
    () => ({ owner_account: bob.account.id }),
    () => ({ sealed_content_key: other.opened.sealed_content_key }),
    () => ({
      attachments: [
        { id: bob.account.id, part: 1, size: 1, cipher_bytes: 18, sha256: "", object_name: null },
      ],
    }),
    () => ({ body: "not base64!" }),
  ];
  for (const change of changes) {
    const { view, look } = screenOf(mail, (answer) => ({ ...answer, ...change(answer) }));
    await look();

    expect(view.state(), String(change)).toEqual({ kind: "altered" });
  }
});

test("the same message unchanged is shown", async () => {
  const { view, look } = screenOf(await mailed({ expiresAt: NOW + 60_000 }));

  await look();

  expect(view.state().kind).toBe("shown");
});

test("a message on screen leaves it at the second it expires", async () => {
  const { view, look, moveTo } = screenOf(await mailed({ expiresAt: NOW + 60_000 }));
  await look();

  moveTo(NOW + 59_999);
  expect(view.state().kind).toBe("shown");
  moveTo(NOW + 60_000);

  expect(view.state()).toEqual({ kind: "expired", at: NOW + 60_000 });
});

test("shortening needs no signature: the earlier of both expiries counts", async () => {
  const { view, look, moveTo } = screenOf(await mailed({ expiresAt: NOW + 60_000 }), (answer) => ({
    ...answer,
    expires_at_ms: NOW + 5_000,
  }));
  await look();

  moveTo(NOW + 5_000);

  expect(view.state().kind).toBe("expired");
});

test("a sleeping tab that wakes after the expiry shows nothing", async () => {
  const { view, look, time } = screenOf(await mailed({ expiresAt: NOW + 60_000 }));
  await look();

  time.now = NOW + 3_600_000;
  const checked = view.recheck();

  expect(view.state().kind).toBe("expired");
  await checked;
});

test("a recalled message leaves the screen when the server says so", async () => {
  const { view, look, server } = screenOf(await mailed());
  await look();

  server.row = { ...server.row!, state: "recalled", ended_at: new Date(NOW).toISOString() };
  await view.recheck();

  expect(view.state()).toEqual({ kind: "recalled", at: NOW });
});

test("an opening whose answer was lost is asked for again under its own id; a later one has another", async () => {
  const { view, look, server } = screenOf(await mailed());
  server.failing = new BackendFailure("offline");
  await look();
  expect(view.state()).toEqual({ kind: "offline" });

  server.failing = null;
  await view.retry();
  await look();

  expect(view.state().kind).toBe("shown");
  expect(server.openings[1]).toBe(server.openings[0]);
  expect(server.openings[2]).not.toBe(server.openings[0]);
});

test("a message that can be opened once asks first, and stays on screen when it is used up", async () => {
  const { view, look, server } = screenOf(await mailed({ controls: { viewLimit: 1 } }));
  await look();
  expect(view.state()).toMatchObject({ kind: "asks", viewLimit: 1 });
  expect(server.openings).toEqual([]);

  await view.open();
  server.row = { ...server.row!, state: "used", open_count: 1 };
  await view.recheck();

  expect(view.state().kind).toBe("shown");
  await look();
  expect(view.state().kind).toBe("used");
});

test("a link to somebody else's message and to none says the same", async () => {
  const { view, look, server } = screenOf(await mailed());
  server.row = null;

  await look();

  expect(view.state()).toEqual({ kind: "unknown" });
  expect(server.openings).toEqual([]);
});

test("tombstones say when, without asking to open", async () => {
  const mail = await mailed({ ended: { state: "expired", at: NOW - 1_000, openedAt: null } });
  const { view, look, server } = screenOf(mail);

  await look();

  expect(view.state()).toEqual({ kind: "expired", at: NOW - 1_000 });
  expect(server.openings).toEqual([]);
});

test("a message that is left while it opens is never shown", async () => {
  const first = screenOf(await mailed());
  const slow = first.look();
  first.server.row = null;
  await first.view.look("another");
  await slow;

  expect(first.view.state()).toEqual({ kind: "unknown" });
});

test("a mailbox key that this account does not have is told as such", async () => {
  const { view, look } = screenOf(await mailed(), (answer) => ({ ...answer, key_version: 2 }));

  await look();

  expect(view.state()).toEqual({ kind: "no-key" });
});
