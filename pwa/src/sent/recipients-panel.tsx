/**
 * For the sender: a row per recipient, from stored to opened, as it happens.
 */
import { createEffect, createUniqueId, For, on, Show } from "solid-js";
import type { RecipientRow } from "../backend/backend.ts";
import { createWaking } from "../mailbox/catch-up.ts";
import { useMail } from "../mailbox/mail.ts";
import { usePortal } from "../portal.ts";
import { Icon } from "../shell/icon.tsx";
import { recipientWords } from "./recipient-words.ts";
import { createRecipients } from "./recipients.ts";
import "./recipients-panel.css";

export function RecipientsPanel(props: { messageId: string }) {
  const mail = useMail();
  const { clock } = usePortal();
  const heading = createUniqueId();
  const recipients = createRecipients(() => mail.backend.recipients(props.messageId));
  const refresh = (): void => void recipients.refresh();
  createEffect(on(() => props.messageId, refresh));
  mail.onLive((event) => {
    if (event.kind === "portal-mail") return;
    if (event.kind === "reconnected" || event.messageId === props.messageId) refresh();
  });
  createWaking({ now: clock.now, window, document }, refresh);
  return (
    <section class="recipients" aria-labelledby={heading}>
      <h2 class="recipients__heading" id={heading}>
        Recipients
      </h2>
      <Show when={recipients.state.status === "failed"}>
        <p class="quiet" role="status">
          What became of it could not be loaded.{" "}
          <button class="link-button" type="button" onClick={refresh}>
            Try again
          </button>
        </p>
      </Show>
      <ul aria-live="polite">
        <For each={recipients.state.rows}>{(row) => <Recipient row={row} />}</For>
      </ul>
    </section>
  );
}

const KINDS: Record<RecipientRow["kind"], string> = { to: "", cc: "Cc", bcc: "Bcc" };

function Recipient(props: { row: RecipientRow }) {
  const { now, locale } = usePortal();
  const words = () => recipientWords(props.row, now(), locale);
  return (
    <li class="recipient">
      <p class="recipient__address">
        <bdi>{props.row.address}</bdi>
        <Show when={KINDS[props.row.kind]}>
          <span class="recipient__kind">{KINDS[props.row.kind]}</span>
        </Show>
      </p>
      <p class={`recipient__summary recipient__summary--${words().tone}`}>
        <Show when={words().tone === "good"}>
          <Icon name="check" />
        </Show>
        <Show when={words().tone === "bad"}>
          <Icon name="warning" />
        </Show>
        {words().summary}
      </p>
      <Show when={words().trouble}>
        <p class="recipient__trouble">{words().trouble}</p>
      </Show>
      <ol class="recipient__steps">
        <For each={words().steps}>
          {(step) => (
            <li class="recipient__step" classList={{ "recipient__step--done": step.done }}>
              <span class="recipient__step-name">{step.name}</span>
              <span class="recipient__step-when">{step.when}</span>
            </li>
          )}
        </For>
      </ol>
    </li>
  );
}
