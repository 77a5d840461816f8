/**
 * On top of Sent: drafts, and what was handed in and is not there yet, or never will be.
 */
import { A } from "@solidjs/router";
import { For, Match, Show, Switch } from "solid-js";
import type { Draft } from "../compose/draft.ts";
import { useWriting } from "../compose/start-draft.ts";
import { useMail } from "../mailbox/mail.ts";
import { nameOf } from "../mailbox/row-words.ts";
import { usePortal } from "../portal.ts";
import { listTime } from "../time/words.ts";
import type { OutboxItem } from "./outbox.ts";
import "./outbox.css";

export function OutboxList() {
  const { outbox, drafts } = useMail();
  return (
    <>
      <Show when={drafts.all().length > 0}>
        <ul class="outbox" aria-label="Drafts">
          <For each={drafts.all()}>{(draft) => <DraftRow draft={draft} />}</For>
        </ul>
      </Show>
      <ul class="outbox" aria-label="On their way" aria-live="polite">
        <For each={outbox.items()}>{(item) => <OutboxRow item={item} />}</For>
      </ul>
    </>
  );
}

function DraftRow(props: { draft: Draft }) {
  const { locale, now } = usePortal();
  return (
    <li>
      <A class="outbox__row" href={`/write/${props.draft.id}`} activeClass="" inactiveClass="">
        <span class="outbox__people">{peopleWords(props.draft)}</span>
        <time class="row__time">{listTime(props.draft.savedAt, now(), locale)}</time>
        <span class="outbox__subject">{props.draft.subject.trim() || "(no subject)"}</span>
        <span class="outbox__state">Draft</span>
      </A>
    </li>
  );
}

function OutboxRow(props: { item: OutboxItem }) {
  const { locale, now } = usePortal();
  const row = () => props.item.row;
  return (
    <li class="outbox__row">
      <span class="outbox__people">
        {props.item.mail === null ? "Message" : peopleWords(props.item.mail)}
      </span>
      <time class="row__time" dateTime={row().created_at}>
        {listTime(Date.parse(row().created_at), now(), locale)}
      </time>
      <span class="outbox__subject">{props.item.mail?.subject.trim() || "(no subject)"}</span>
      <Switch>
        <Match when={row().state === "sending"}>
          <span class="outbox__state">Sending…</span>
        </Match>
        <Match when={row().state === "held"}>
          <span class="outbox__state">
            {row().error ?? "Waiting for review. It goes out when somebody of the organisation releases it."}
          </span>
        </Match>
        <Match when={row().state === "refused"}>
          <Refused item={props.item} />
        </Match>
      </Switch>
    </li>
  );
}

function Refused(props: { item: OutboxItem }) {
  const { outbox } = useMail();
  const writing = useWriting();
  const files = () => props.item.mail?.attachments.length ?? 0;
  return (
    <div class="outbox__refused">
      <p>Not sent. {props.item.row.error}</p>
      <Show when={files() > 0}>
        <p class="quiet">Attach its {files() === 1 ? "file" : `${files()} files`} again when you edit it.</p>
      </Show>
      <div class="outbox__actions">
        <Show when={props.item.mail}>
          <button class="button" type="button" onClick={() => void writing.again(props.item)}>
            Edit and send again
          </button>
        </Show>
        <button
          class="button button--plain"
          type="button"
          onClick={() => void outbox.dismiss(props.item.row.id)}
        >
          Remove
        </button>
      </div>
    </div>
  );
}

function peopleWords({ to, cc }: Pick<Draft, "to" | "cc"> | NonNullable<OutboxItem["mail"]>): string {
  const people = [...to, ...cc].map(nameOf);
  return people.length === 0 ? "To nobody yet" : `To ${people.join(", ")}`;
}
