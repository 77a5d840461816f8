/**
 * The mail of the open account: its folders, its keys, and what Realtime says of them. Made when the account
 * opens and thrown away, keys included, when it closes.
 */
import { createContext, onCleanup, useContext } from "solid-js";
import type { OpenAccount } from "../account/vault.ts";
import type { Backend, DeliveryRow, Folder, LiveEvent } from "../backend/backend.ts";
import { createDrafts, type DraftBox, type Drafts } from "../compose/drafts.ts";
import { createOutbox, type Outbox } from "../outbox/outbox.ts";
import { createFolder, type FolderList } from "./folder.ts";
import { openHeader } from "./open-header.ts";

export interface Mail {
  readonly accountId: string;
  readonly address: string;
  /** One of the organisation's own people, who may write to anybody. */
  readonly internal: boolean;
  readonly keys: OpenAccount;
  readonly backend: Backend;
  readonly folders: Readonly<Record<Folder, FolderList>>;
  readonly drafts: Drafts;
  readonly outbox: Outbox;
  /** Calls back for every live event until the owner is disposed of. */
  onLive(heard: (event: LiveEvent) => void): void;
  put(row: DeliveryRow): void;
}

interface MailPorts {
  account: { id: string; address: string; kind: "internal" | "external" };
  keys: OpenAccount;
  backend: Backend;
  draftBox: DraftBox;
  now(): number;
  onSignedOut(): void;
}

const MailContext = createContext<Mail>();

export const MailProvider = MailContext.Provider;

export function useMail(): Mail {
  const mail = useContext(MailContext);
  if (mail === undefined) throw new Error("useMail outside of an open account");
  return mail;
}

export function createMail({ account, keys, backend, draftBox, now, onSignedOut }: MailPorts): Mail {
  const folder = (name: Folder): FolderList =>
    createFolder({
      name,
      list: (limit, before) => backend.list(name, limit, before),
      openHeader: (row) => openHeader(keys, row),
      now,
      onSignedOut,
    });
  const folders = { inbox: folder("inbox"), sent: folder("sent") };
  const outbox = createOutbox({ keys, backend, onSignedOut });
  const listeners = new Set<(event: LiveEvent) => void>();
  const put = (row: DeliveryRow): void => {
    folders.inbox.put(row);
    folders.sent.put(row);
  };
  const stop = backend.watch(account.id, (event) => {
    if (event.kind === "delivery") void refreshDelivery(backend, event.deliveryId, put);
    if (event.kind === "portal-mail" || event.kind === "reconnected") void outbox.refresh();
    for (const listener of listeners) listener(event);
  });
  onCleanup(stop);
  return {
    accountId: account.id,
    address: account.address,
    internal: account.kind === "internal",
    outbox,
    drafts: createDrafts(keys, draftBox),
    keys,
    backend,
    folders,
    put,
    onLive(heard) {
      listeners.add(heard);
      onCleanup(() => listeners.delete(heard));
    },
  };
}

/** A missed change is caught up by the next refresh, so a failure here needs no telling. */
async function refreshDelivery(backend: Backend, id: string, put: (row: DeliveryRow) => void): Promise<void> {
  const row = await backend.delivery(id).catch(() => null);
  if (row !== null) put(row);
}
