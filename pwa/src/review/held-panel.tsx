/**
 * On a message that is held for review: why, for whom, until when, and the decision.
 */
import { createSignal, createUniqueId, Match, onMount, Show, Switch } from "solid-js";
import type { HeldMailRow } from "../backend/portal-mail.ts";
import { useMail } from "../mailbox/mail.ts";
import { usePortal } from "../portal.ts";
import { exactTime } from "../time/words.ts";
import { createReview, MOST_WORDS, type Review } from "./review.ts";
import "./held-panel.css";

export function HeldPanel(props: { deliveryId: string }) {
  const { backend } = useMail();
  const { session } = usePortal();
  const review = createReview({ backend, deliveryId: props.deliveryId, onSignedOut: session.end });
  onMount(() => void review.load());
  const heading = createUniqueId();
  const held = () => {
    const state = review.state();
    return state.kind === "waiting" || state.kind === "deciding" ? state.held : null;
  };
  return (
    <Show when={review.state().kind !== "none"}>
      <section class="held" aria-labelledby={heading} aria-live="polite">
        <h2 class="held__heading" id={heading}>
          Held for review
        </h2>
        <Switch>
          <Match when={held()}>
            {(row) => (
              <>
                <Facts held={row()} />
                <DecisionForm review={review} />
              </>
            )}
          </Match>
          <Match when={review.state().kind === "decided"}>
            <p>{decidedWords(review)}</p>
          </Match>
          <Match when={review.state().kind === "failed"}>
            <p>
              Our server did not answer.{" "}
              <button class="link-button" type="button" onClick={() => void review.load()}>
                Try again
              </button>
            </p>
          </Match>
        </Switch>
      </section>
    </Show>
  );
}

function Facts(props: { held: HeldMailRow }) {
  const { locale } = usePortal();
  const held = () => props.held;
  const why = () => (held().component === null ? held().policy : `${held().policy} (${held().component})`);
  return (
    <dl class="held__facts">
      <dt>Rule</dt>
      <dd>{why()}</dd>
      <dt>From</dt>
      <dd>{held().sender}</dd>
      <dt>To</dt>
      <dd>{held().recipients.join(", ")}</dd>
      <dt>Decide by</dt>
      <dd>{exactTime(Date.parse(held().decide_by), locale)}</dd>
      <dt>If released</dt>
      <dd>
        {held().secured_as === null
          ? "It goes out as it was sent"
          : `It is secured as “${held().secured_as}”`}
      </dd>
    </dl>
  );
}

function DecisionForm(props: { review: Review }) {
  const id = createUniqueId();
  const [words, setWords] = createSignal("");
  const busy = () => props.review.state().kind === "deciding";
  return (
    <div class="held__decision">
      <label for={id}>Words to the sender, if you refuse (optional)</label>
      <input
        class="held__words"
        id={id}
        type="text"
        dir="auto"
        maxlength={MOST_WORDS}
        value={words()}
        onInput={(event) => setWords(event.currentTarget.value)}
      />
      <div class="held__actions">
        <button
          class="button button--primary"
          type="button"
          aria-busy={busy() || undefined}
          onClick={() => void props.review.decide("release", words())}
        >
          Release
        </button>
        <button
          class="button"
          type="button"
          aria-disabled={busy() || undefined}
          onClick={() => void props.review.decide("refuse", words())}
        >
          Refuse
        </button>
      </div>
    </div>
  );
}

function decidedWords(review: Review): string {
  const state = review.state();
  if (state.kind !== "decided") return "";
  const did = state.decision === "release" ? "Released" : "Refused";
  return `${did} by ${state.by ?? "you"}.`;
}
