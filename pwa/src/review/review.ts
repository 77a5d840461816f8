/**
 * One held mail under review: what is known of it, and this reviewer's decision. The first decision counts.
 */
import { type Accessor, createSignal } from "solid-js";
import { BackendFailure } from "../backend/backend.ts";
import type { Decision, HeldMailRow, PortalMailBackend } from "../backend/portal-mail.ts";

export type ReviewState =
  | { kind: "loading" }
  /** Not this account's to review. */
  | { kind: "none" }
  | { kind: "waiting"; held: HeldMailRow }
  | { kind: "deciding"; held: HeldMailRow }
  | { kind: "decided"; decision: Decision; by: string | null }
  | { kind: "failed" };

/** The words are told to the sender on one line. */
export const MOST_WORDS = 300;

export interface Review {
  state: Accessor<ReviewState>;
  load(): Promise<void>;
  decide(decision: Decision, words: string): Promise<void>;
}

export interface ReviewPorts {
  backend: Pick<PortalMailBackend, "heldMail" | "decideHeld">;
  deliveryId: string;
  onSignedOut(): void;
}

export function createReview({ backend, deliveryId, onSignedOut }: ReviewPorts): Review {
  const [state, setState] = createSignal<ReviewState>({ kind: "loading" });
  const ask = async (question: () => Promise<ReviewState>): Promise<void> => {
    const next = await question().catch((thrown: unknown): ReviewState => {
      if (!(thrown instanceof BackendFailure)) throw thrown;
      if (thrown.kind === "signed-out") onSignedOut();
      return { kind: "failed" };
    });
    setState(next);
  };
  return {
    state,
    load: () => ask(async () => stateOf(await backend.heldMail(deliveryId))),
    async decide(decision, words) {
      const now = state();
      if (now.kind !== "waiting") return;
      setState({ kind: "deciding", held: now.held });
      const line = words.replaceAll(/\s+/g, " ").trim().slice(0, MOST_WORDS);
      await ask(async () => {
        const answer = await backend.decideHeld(deliveryId, decision, line === "" ? null : line);
        if (answer.kind === "unknown") return { kind: "none" };
        const by = answer.kind === "decided" ? null : answer.decided_by;
        return { kind: "decided", decision: answer.decision, by };
      });
    },
  };
}

function stateOf(held: HeldMailRow | null): ReviewState {
  if (held === null) return { kind: "none" };
  if (held.decision === null) return { kind: "waiting", held };
  return { kind: "decided", decision: held.decision, by: held.decided_by };
}
