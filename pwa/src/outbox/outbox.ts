/**
 * The outbox: what was handed in and is on its way, waits for review, or was refused. What has gone is in Sent.
 */
import { fromB64 } from "@sealpost/shared/bytes.ts";
import type { PortalMail } from "@sealpost/shared/portal-mail/portal-mail.ts";
import { openOwnCopy } from "@sealpost/shared/portal-mail/seal.ts";
import { type Accessor, createSignal } from "solid-js";
import type { OpenAccount } from "../account/vault.ts";
import { BackendFailure } from "../backend/backend.ts";
import type { PortalMailBackend, PortalMailRow } from "../backend/portal-mail.ts";

export interface OutboxItem {
  row: PortalMailRow;
  /** What was written; null where the keys here do not open it. */
  mail: PortalMail | null;
}

export interface Outbox {
  /** Newest first. */
  items: Accessor<readonly OutboxItem[]>;
  /** Asks the server; a failure leaves what is shown, and is caught up by the next time. */
  refresh(): Promise<void>;
  /** Shows a mail that was just handed in. */
  take(row: PortalMailRow): Promise<void>;
  /** Clears a refused mail away. */
  dismiss(id: string): Promise<void>;
}

export interface OutboxPorts {
  keys: OpenAccount;
  backend: Pick<PortalMailBackend, "portalMail" | "withdrawPortalMail">;
  onSignedOut(): void;
}

export function createOutbox({ keys, backend, onSignedOut }: OutboxPorts): Outbox {
  const [items, setItems] = createSignal<readonly OutboxItem[]>([]);
  const without = (id: string): OutboxItem[] => items().filter(({ row }) => row.id !== id);
  /** A mail never changes once it is handed in: it is opened once. */
  const itemOf = async (row: PortalMailRow): Promise<OutboxItem> => {
    const known = items().find((one) => one.row.id === row.id)?.mail ?? null;
    return { row, mail: known ?? (await openOwn(keys, row)) };
  };
  const heed = (thrown: unknown): void => {
    if (!(thrown instanceof BackendFailure)) throw thrown;
    if (thrown.kind === "signed-out") onSignedOut();
  };
  return {
    items,
    async refresh() {
      try {
        const rows = await backend.portalMail();
        setItems(await Promise.all(rows.filter(({ state }) => state !== "sent").map(itemOf)));
      } catch (thrown) {
        heed(thrown);
      }
    },
    async take(row) {
      const item = await itemOf(row);
      setItems(row.state === "sent" ? without(row.id) : [item, ...without(row.id)]);
    },
    async dismiss(id) {
      try {
        if (await backend.withdrawPortalMail(id)) setItems(without(id));
      } catch (thrown) {
        heed(thrown);
      }
    },
  };
}

async function openOwn({ primitives, account }: OpenAccount, row: PortalMailRow): Promise<PortalMail | null> {
  const ownCopy = row.own_copy === null ? undefined : fromB64(row.own_copy);
  if (ownCopy === undefined || row.key_version !== account.keyVersion) return null;
  const opened = await openOwnCopy(primitives, { account, id: row.id, ownCopy });
  return opened.kind === "opened" ? opened.value : null;
}
