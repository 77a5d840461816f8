/**
 * One folder as its list shows it: pages of deliveries, newest first, their headers opened one by one from the
 * top, so that what is in view is readable first.
 */
import type { MessageHeader } from "@sealpost/shared/wire/header.ts";
import { batch } from "solid-js";
import { createStore, reconcile, type SetStoreFunction } from "solid-js/store";
import type { DeliveryRow, Folder, PageCursor } from "../backend/backend.ts";
import { BackendFailure } from "../backend/backend.ts";

/** One page: more than a tall phone shows twice over, less than is noticed while loading. */
export const PAGE_ROWS = 30;

/** A refresh asks for what is on screen, up to this many; what lies deeper is refreshed when it is scrolled to. */
const MOST_REFRESHED = 120;

export type ListedHeader =
  | { kind: "pending" }
  | { kind: "read"; header: MessageHeader }
  /** The keys here do not open it. */
  | { kind: "unreadable" }
  /** A tombstone: the server has nothing sealed any more. */
  | { kind: "gone" };

export interface ListItem {
  row: DeliveryRow;
  header: ListedHeader;
}

export type FolderStatus = "loading" | "ready" | "offline" | "failed";

export interface FolderState {
  items: ListItem[];
  status: FolderStatus;
  /** Whether the server may have older ones. */
  more: boolean;
  loadingMore: boolean;
  /** When the list was last known to be right, in milliseconds; null before the first answer. */
  asOf: number | null;
}

export interface FolderPorts {
  name: Folder;
  list(limit: number, before: PageCursor | null): Promise<DeliveryRow[]>;
  openHeader(row: DeliveryRow): Promise<MessageHeader | null>;
  now(): number;
  /** The session is over. */
  onSignedOut(): void;
}

export interface FolderList {
  state: FolderState;
  /** Loads the first page, or brings what is shown up to date. Never throws. */
  refresh(): Promise<void>;
  older(): Promise<void>;
  /** Puts one changed or new delivery where it belongs. */
  put(row: DeliveryRow): void;
}

export function createFolder(ports: FolderPorts): FolderList {
  const store = createStore<FolderState>({
    items: [],
    status: "loading",
    more: false,
    loadingMore: false,
    asOf: null,
  });
  const [state, setState] = store;
  const openHeaders = makeHeaderOpener(ports, store);
  const show = (items: ListItem[]): void => setState("items", reconcile(items, { key: null, merge: true }));
  /** A question about the list: what it answers is shown, what it fails with is said. */
  const ask = async (
    limit: number,
    before: PageCursor | null,
    take: (rows: DeliveryRow[]) => void,
  ): Promise<void> => {
    try {
      const rows = await ports.list(limit, before);
      batch(() => take(rows));
      openHeaders();
    } catch (thrown) {
      if (!(thrown instanceof BackendFailure)) throw thrown;
      if (thrown.kind === "signed-out") ports.onSignedOut();
      setState("status", thrown.kind === "offline" ? "offline" : "failed");
    }
  };
  return {
    state,
    async refresh() {
      const limit = Math.min(Math.max(PAGE_ROWS, state.items.length), MOST_REFRESHED);
      await ask(limit, null, (rows) => {
        const items = mergeNewest(state.items, rows, limit);
        const isWhole = items.length === rows.length;
        show(items);
        setState({ status: "ready", asOf: ports.now(), more: isWhole ? rows.length === limit : state.more });
      });
    },
    async older() {
      const last = state.items.at(-1)?.row;
      if (last === undefined || state.loadingMore || !state.more) return;
      setState("loadingMore", true);
      await ask(PAGE_ROWS, { storedAt: last.stored_at, deliveryId: last.delivery_id }, (rows) => {
        const known = new Set(state.items.map(idOf));
        show([...state.items, ...rows.filter((row) => !known.has(row.delivery_id)).map(fresh)]);
        setState({ more: rows.length === PAGE_ROWS, status: "ready" });
      });
      setState("loadingMore", false);
    },
    put(row) {
      if (row.folder !== ports.name) return;
      show(
        sorted([merged(state.items, row), ...state.items.filter((item) => idOf(item) !== row.delivery_id)]),
      );
      openHeaders();
    },
  };
}

/** Opens the headers that are still pending, from the top, one after the other. */
function makeHeaderOpener(
  ports: FolderPorts,
  [state, setState]: [FolderState, SetStoreFunction<FolderState>],
): () => void {
  let opening: Promise<void> = Promise.resolve();
  const openOne = async (deliveryId: string): Promise<void> => {
    const item = state.items.find((one) => idOf(one) === deliveryId);
    if (item?.header.kind !== "pending") return;
    const header = await ports.openHeader(item.row);
    const opened: ListedHeader = header === null ? { kind: "unreadable" } : { kind: "read", header };
    setState("items", (one) => idOf(one) === deliveryId, "header", opened);
  };
  return () => {
    opening = opening.then(async () => {
      for (const { row, header } of [...state.items])
        if (header.kind === "pending") await openOne(row.delivery_id);
    });
  };
}

function idOf(item: ListItem): string {
  return item.row.delivery_id;
}

function fresh(row: DeliveryRow): ListItem {
  return { row, header: { kind: row.header === null ? "gone" : "pending" } };
}

/** The row with the header that was opened before, since a message's header never changes. */
function merged(known: readonly ListItem[], row: DeliveryRow): ListItem {
  const before = known.find((item) => idOf(item) === row.delivery_id);
  if (before === undefined || row.header === null) return fresh(row);
  return { row, header: before.header.kind === "gone" ? { kind: "pending" } : before.header };
}

/** The newest page in place of what was known of it; what is older than the page stays. */
function mergeNewest(known: readonly ListItem[], rows: readonly DeliveryRow[], limit: number): ListItem[] {
  const newest = rows.map((row) => merged(known, row));
  const last = rows.at(-1);
  if (last === undefined || rows.length < limit) return newest;
  const ids = new Set(newest.map(idOf));
  return [...newest, ...known.filter((item) => !ids.has(idOf(item)) && isOlder(item.row, last))];
}

function isOlder(row: DeliveryRow, than: DeliveryRow): boolean {
  return compareRows(row, than) > 0;
}

function sorted(items: ListItem[]): ListItem[] {
  return items.sort((a, b) => compareRows(a.row, b.row));
}

function compareRows(a: DeliveryRow, b: DeliveryRow): number {
  const byTime = Date.parse(b.stored_at) - Date.parse(a.stored_at);
  if (byTime !== 0) return byTime;
  return a.delivery_id < b.delivery_id ? 1 : -1;
}
