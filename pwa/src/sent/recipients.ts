/**
 * The recipients of a sent message, kept up to date row by row, so that only what changed is drawn and read out.
 */
import { createStore, reconcile } from "solid-js/store";
import { BackendFailure, type RecipientRow } from "../backend/backend.ts";

export interface RecipientsState {
  rows: RecipientRow[];
  status: "loading" | "ready" | "failed";
}

export interface Recipients {
  state: RecipientsState;
  /** Asks the server anew. A failure leaves what is known, and is said only where nothing is. */
  refresh(): Promise<void>;
}

export function createRecipients(fetchRows: () => Promise<RecipientRow[]>): Recipients {
  const [state, setState] = createStore<RecipientsState>({ rows: [], status: "loading" });
  let asked = 0;
  return {
    state,
    async refresh() {
      asked += 1;
      const mine = asked;
      try {
        const rows = await fetchRows();
        // An older answer that arrives late is not news.
        if (mine !== asked) return;
        setState("rows", reconcile(rows, { key: "delivery_id" }));
        setState("status", "ready");
      } catch (thrown) {
        if (!(thrown instanceof BackendFailure)) throw thrown;
        if (state.status === "loading") setState("status", "failed");
      }
    },
  };
}
