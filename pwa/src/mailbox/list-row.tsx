/**
 * One message in a list: who, what, when, until when. One link whose name says all of it.
 */
import { A } from "@solidjs/router";
import { Match, Show, Switch } from "solid-js";
import { usePortal } from "../portal.ts";
import { Icon } from "../shell/icon.tsx";
import { expiryWords, listTime } from "../time/words.ts";
import type { ListItem } from "./folder.ts";
import { peopleOf, stateOf, subjectOf, tombstoneWords } from "./row-words.ts";

export function ListRow(props: { item: ListItem; now: number; selected: boolean }) {
  const { locale } = usePortal();
  const row = () => props.item.row;
  const state = () => stateOf(row(), props.now);
  const unread = () => row().folder === "inbox" && row().read_at === null && state() === "readable";
  const storedAt = () => Date.parse(row().stored_at);
  const subject = () => subjectOf(props.item);
  return (
    <li>
      <A
        class="row"
        classList={{ "row--unread": unread(), "row--ended": state() !== "readable" }}
        href={`/m/${row().delivery_id}`}
        aria-current={props.selected ? "true" : undefined}
        activeClass=""
        inactiveClass=""
      >
        <Show when={unread()}>
          <span class="row__dot" aria-hidden="true" />
          <span class="visually-hidden">Unread. </span>
        </Show>
        <span class="row__people">{peopleOf(props.item)}</span>
        <time class="row__time" dateTime={row().stored_at}>
          {listTime(storedAt(), props.now, locale)}
        </time>
        <Show when={subject()} fallback={<span class="row__pending" aria-hidden="true" />}>
          <span class="row__subject">{subject()}</span>
        </Show>
        <span class="row__meta">
          <Switch fallback={<span class="row__gone">{tombstoneWords(row(), props.now, locale)}</span>}>
            <Match when={state() === "readable"}>
              <ReadableMeta item={props.item} now={props.now} />
            </Match>
          </Switch>
        </span>
      </A>
    </li>
  );
}

function ReadableMeta(props: { item: ListItem; now: number }) {
  const row = () => props.item.row;
  const expiry = () => {
    const { expires_at } = row();
    return expiryWords(expires_at === null ? null : Date.parse(expires_at), props.now);
  };
  return (
    <>
      <Show when={row().folder === "inbox" && row().first_opened_at !== null}>
        <span>opened</span>
      </Show>
      <Show when={expiry()}>
        {(words) => <span classList={{ row__soon: words().soon }}>{words().text}</span>}
      </Show>
      <Show when={row().controls.viewLimit !== null && row().folder === "inbox"}>
        <span>
          {row().controls.viewLimit === 1
            ? "can be opened once"
            : `can be opened ${row().controls.viewLimit} times`}
        </span>
      </Show>
      <Show when={row().attachment_count > 0}>
        <span class="row__attachments">
          <Icon name="attachment" />
          <span class="visually-hidden">
            {row().attachment_count === 1 ? "1 attachment" : `${row().attachment_count} attachments`}
          </span>
          <span aria-hidden="true">{row().attachment_count}</span>
        </span>
      </Show>
    </>
  );
}
