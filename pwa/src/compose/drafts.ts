/**
 * The drafts of the account, sealed on this device as they are typed: under a fresh key that only the account's private key
 * opens, and that only the account can have sealed.
 */
import { fromUtf8, utf8 } from "@sealpost/shared/bytes.ts";
import { openParcel, sealParcel } from "@sealpost/shared/crypto/parcel.ts";
import { type Accessor, createSignal } from "solid-js";
import type { OpenAccount } from "../account/vault.ts";
import type { Draft } from "./draft.ts";

/** Where sealed drafts lie. */
export interface DraftBox {
  all(): Promise<{ id: string; sealed: Uint8Array }[]>;
  put(id: string, sealed: Uint8Array): Promise<void>;
  remove(id: string): Promise<void>;
}

export interface Drafts {
  /** Newest first. */
  all: Accessor<readonly Draft[]>;
  get(id: string): Draft | null;
  /** Resolves when the draft lies sealed on the device; of several saves meanwhile the last one counts. */
  save(draft: Draft): Promise<void>;
  drop(id: string): Promise<void>;
  /** What was kept from before; resolves also where nothing can be read. */
  readonly loaded: Promise<void>;
}

export function createDrafts(keys: OpenAccount, box: DraftBox): Drafts {
  const [all, setAll] = createSignal<readonly Draft[]>([]);
  const without = (id: string): Draft[] => all().filter((one) => one.id !== id);
  const put = (draft: Draft): void => {
    setAll([draft, ...without(draft.id)].sort((a, b) => b.savedAt - a.savedAt));
  };
  let turn: Promise<void> = Promise.resolve();
  const inTurn = (run: () => Promise<void>): Promise<void> => {
    const mine = turn.then(run);
    turn = mine.catch(() => undefined);
    return mine;
  };
  const load = async (): Promise<void> => {
    for (const { id, sealed } of await box.all()) {
      const draft = await openDraft(keys, id, sealed);
      if (draft !== null && !all().some((one) => one.id === id)) put(draft);
    }
  };
  return {
    all,
    get: (id) => all().find((one) => one.id === id) ?? null,
    save(draft) {
      put(draft);
      return inTurn(async () => {
        const newest = all().find((one) => one.id === draft.id);
        // A later save of the same draft seals it; a dropped one stays dropped.
        if (newest === draft) await box.put(draft.id, await sealDraft(keys, draft));
      });
    },
    drop(id) {
      setAll(without(id));
      return inTurn(() => box.remove(id));
    },
    loaded: load().catch(() => undefined),
  };
}

async function sealDraft({ primitives, account }: OpenAccount, draft: Draft): Promise<Uint8Array> {
  return await sealParcel(primitives, {
    to: account.keyPair.publicKey,
    from: account.keyPair,
    place: placeOf(draft.id, account),
    bytes: utf8(JSON.stringify(draft)),
  });
}

/** The draft, or null: another key's, or altered. */
async function openDraft(
  { primitives, account }: OpenAccount,
  id: string,
  sealed: Uint8Array,
): Promise<Draft | null> {
  const opened = await openParcel(primitives, {
    to: account.keyPair,
    from: account.keyPair.publicKey,
    place: placeOf(id, account),
    sealed,
  });
  const json = opened.kind === "opened" ? fromUtf8(opened.value) : undefined;
  // Sealed by this very account, hence written by `sealDraft`.
  return json === undefined ? null : (JSON.parse(json) as Draft);
}

function placeOf(id: string, account: OpenAccount["account"]) {
  return { role: "portal-mail", ids: [id, account.id, account.keyVersion, "draft"] } as const;
}
