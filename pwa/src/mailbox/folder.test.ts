import { OPEN_CONTROLS } from "@sealpost/shared/wire/controls.ts";
import type { MessageHeader } from "@sealpost/shared/wire/header.ts";
import { expect, test } from "vitest";
import { BackendFailure, type DeliveryRow, type PageCursor } from "../backend/backend.ts";
import { createFolder, PAGE_ROWS } from "./folder.ts";

const header = (subject: string): MessageHeader => ({
  ...{ v: 1, subject, from: { name: "Ann", address: "ann@acme.example" }, to: [], cc: [] },
  ...{ date: "2026-11-24T00:00:00Z", attachmentCount: 0 },
});

/** The n-th message, later ones newer. */
const row = (n: number, more: Partial<DeliveryRow> = {}): DeliveryRow => ({
  ...{ delivery_id: `d${String(n).padStart(4, "0")}`, message_id: `m${n}`, mailbox_id: "b", folder: "inbox" },
  stored_at: new Date(Date.UTC(2026, 0, 1) + n * 60_000).toISOString(),
  ...{
    sender_address: "ann@acme.example",
    sender_name: "Ann",
    state: "readable",
    expires_at: null,
    ended_at: null,
  },
  ...{ read_at: null, first_opened_at: null, open_count: 0, attachment_count: 0, controls: OPEN_CONTROLS },
  ...{ definition: null, key_version: 1, sealed_header_key: "k", header: `subject ${n}` },
  ...more,
});

function folderOf(rows: DeliveryRow[]) {
  const world = { rows, failing: null as BackendFailure | null, opened: [] as string[], signedOut: 0 };
  const folder = createFolder({
    name: "inbox",
    async list(limit: number, before: PageCursor | null) {
      if (world.failing !== null) throw world.failing;
      return [...world.rows]
        .sort((a, b) => (a.stored_at < b.stored_at ? 1 : -1))
        .filter(({ stored_at }) => before === null || stored_at < before.storedAt)
        .slice(0, limit);
    },
    async openHeader(one) {
      world.opened.push(one.delivery_id);
      return one.header === "forged" ? null : header(one.header ?? "");
    },
    now: () => 1_000,
    onSignedOut() {
      world.signedOut += 1;
    },
  });
  return { folder, world };
}

const many = (count: number): DeliveryRow[] => Array.from({ length: count }, (_, n) => row(n));
const ids = ({ folder }: ReturnType<typeof folderOf>) =>
  folder.state.items.map((item) => item.row.delivery_id);
const settled = () => new Promise((done) => setImmediate(done));

test("the newest page comes first, its headers opened from the top", async () => {
  const inbox = folderOf(many(3));

  await inbox.folder.refresh();
  await settled();

  expect(ids(inbox)).toEqual(["d0002", "d0001", "d0000"]);
  expect(inbox.world.opened).toEqual(["d0002", "d0001", "d0000"]);
  expect(inbox.folder.state.items[0]?.header).toMatchObject({
    kind: "read",
    header: { subject: "subject 2" },
  });
  expect(inbox.folder.state).toMatchObject({ status: "ready", more: false, asOf: 1_000 });
});

test("older pages follow, each message once, until there are no more", async () => {
  const inbox = folderOf(many(PAGE_ROWS * 2 + 5));

  await inbox.folder.refresh();
  expect(inbox.folder.state.more).toBe(true);
  await inbox.folder.older();
  await inbox.folder.older();

  expect(new Set(ids(inbox)).size).toBe(PAGE_ROWS * 2 + 5);
  expect(inbox.folder.state.more).toBe(false);
});

test("new mail on top keeps the older pages that were scrolled to", async () => {
  const inbox = folderOf(many(PAGE_ROWS * 6));
  await inbox.folder.refresh();
  for (let page = 0; page < 5; page += 1) await inbox.folder.older();
  inbox.world.rows.push(row(9_999));

  await inbox.folder.refresh();

  expect(ids(inbox)[0]).toBe("d9999");
  expect(ids(inbox)).toHaveLength(PAGE_ROWS * 6 + 1);
  expect(ids(inbox)).toEqual([...ids(inbox)].sort().reverse());
});

test("a header is opened once, however often the list is refreshed", async () => {
  const inbox = folderOf(many(2));
  await inbox.folder.refresh();
  await settled();

  await inbox.folder.refresh();
  await settled();

  expect(inbox.world.opened).toHaveLength(2);
  expect(inbox.folder.state.items[0]?.header.kind).toBe("read");
});

test("a message that is gone leaves its tombstone, without what it said", async () => {
  const inbox = folderOf(many(1));
  await inbox.folder.refresh();
  await settled();

  inbox.folder.put(row(0, { state: "expired", header: null, sealed_header_key: null }));

  expect(inbox.folder.state.items[0]?.header).toEqual({ kind: "gone" });
});

test("a live change puts a new message where it belongs, and one of another folder nowhere", async () => {
  const inbox = folderOf([row(1), row(3)]);
  await inbox.folder.refresh();

  inbox.folder.put(row(2));
  inbox.folder.put(row(4, { folder: "sent" }));

  expect(ids(inbox)).toEqual(["d0003", "d0002", "d0001"]);
});

test("a header that does not open is told, and the next one is still opened", async () => {
  const inbox = folderOf([row(1), row(2, { header: "forged" })]);

  await inbox.folder.refresh();
  await settled();

  expect(inbox.folder.state.items.map((item) => item.header.kind)).toEqual(["unreadable", "read"]);
});

test("offline, what was loaded stays; back online, it is right again", async () => {
  const inbox = folderOf(many(2));
  await inbox.folder.refresh();
  inbox.world.failing = new BackendFailure("offline");
  await inbox.folder.refresh();
  expect(inbox.folder.state).toMatchObject({ status: "offline", asOf: 1_000 });
  expect(ids(inbox)).toHaveLength(2);

  inbox.world.failing = null;
  await inbox.folder.refresh();

  expect(inbox.folder.state.status).toBe("ready");
});

test("a session that is over is passed on", async () => {
  const inbox = folderOf([]);
  inbox.world.failing = new BackendFailure("signed-out");

  await inbox.folder.refresh();

  expect(inbox.world.signedOut).toBe(1);
});
