/**
 * The list of one folder with all its states: loading, empty, offline, failed, and more below.
 */
import { createEffect, createMemo, For, Match, on, onCleanup, Show, Switch } from "solid-js";
import { Dynamic } from "solid-js/web";
import type { Folder } from "../backend/backend.ts";
import { useWriting } from "../compose/start-draft.ts";
import { OutboxList } from "../outbox/outbox-list.tsx";
import { createTitle, usePortal } from "../portal.ts";
import { Icon } from "../shell/icon.tsx";
import { clockTime } from "../time/words.ts";
import { ListRow } from "./list-row.tsx";
import { useMail } from "./mail.ts";

const NAMES: Record<Folder, string> = { inbox: "Inbox", sent: "Sent" };

/** `title` is what the page is about where it is not the list; null where the list leads. */
export function MessageList(props: { folder: Folder; selected: string | null; title: string | null }) {
  const mail = useMail();
  const { now } = usePortal();
  const list = createMemo(() => mail.folders[props.folder]);
  const state = () => list().state;
  const leading = () => props.title === null;
  createTitle(() => props.title ?? NAMES[props.folder]);
  const empty = () => state().items.length === 0;
  return (
    <section class="list" aria-label={NAMES[props.folder]}>
      <div class="list__top">
        <FolderHeading name={NAMES[props.folder]} leading={leading()} />
        <NewMessage />
      </div>
      <Staleness folder={props.folder} />
      <Show when={props.folder === "sent"}>
        <OutboxList />
      </Show>
      <Switch>
        <Match when={!empty()}>
          <ul>
            <For each={state().items}>
              {(item) => (
                <ListRow item={item} now={now()} selected={props.selected === item.row.delivery_id} />
              )}
            </For>
          </ul>
          <Older folder={props.folder} />
        </Match>
        <Match when={state().status === "loading"}>
          <Skeleton />
        </Match>
        <Match when={state().status === "ready"}>
          <Empty folder={props.folder} />
        </Match>
      </Switch>
    </section>
  );
}

function NewMessage() {
  const writing = useWriting();
  return (
    <button class="button" type="button" onClick={writing.fresh}>
      <Icon name="write" />
      New message
    </button>
  );
}

function FolderHeading(props: { name: string; leading: boolean }) {
  let heading: HTMLElement | undefined;
  createEffect(
    on(
      [() => props.name, () => props.leading],
      ([, leading]) => leading && heading?.focus({ preventScroll: true }),
    ),
  );
  return (
    <Dynamic
      component={props.leading ? "h1" : "h2"}
      class="list__heading"
      tabindex="-1"
      ref={(element: HTMLElement) => (heading = element)}
    >
      {props.name}
    </Dynamic>
  );
}

/** One quiet line when the list may not be what the server has, with the one thing to do. */
function Staleness(props: { folder: Folder }) {
  const mail = useMail();
  const { online, locale } = usePortal();
  const list = () => mail.folders[props.folder];
  const asOf = () => {
    const at = list().state.asOf;
    return at === null ? null : clockTime(at, locale);
  };
  const offline = () => !online() || list().state.status === "offline";
  return (
    <div role="status">
      <Switch>
        <Match when={offline()}>
          <p class="list__stale">
            <Icon name="offline" />
            <span>
              {asOf() === null
                ? "Offline. Messages appear when you are connected."
                : `Offline. Showing what is on this page, as of ${asOf()}.`}
            </span>
          </p>
        </Match>
        <Match when={list().state.status === "failed"}>
          <p class="list__stale">
            <Icon name="warning" />
            <span>The list could not be loaded. Your messages are safe.</span>
            <button class="link-button" type="button" onClick={() => void list().refresh()}>
              Try again
            </button>
          </p>
        </Match>
      </Switch>
    </div>
  );
}

/** Loads older messages when scrolled to, and by a button for who does not scroll. */
function Older(props: { folder: Folder }) {
  const mail = useMail();
  const list = () => mail.folders[props.folder];
  const observer = new IntersectionObserver((entries) => {
    if (entries.some((entry) => entry.isIntersecting)) void list().older();
  });
  onCleanup(() => observer.disconnect());
  return (
    <Show when={list().state.more}>
      <div class="list__older" ref={(element) => observer.observe(element)}>
        <button
          class="button button--plain"
          type="button"
          aria-busy={list().state.loadingMore || undefined}
          onClick={() => void list().older()}
        >
          Show older
        </button>
      </div>
    </Show>
  );
}

function Empty(props: { folder: Folder }) {
  const mail = useMail();
  return (
    <div class="list__empty">
      <p class="list__empty-title">Nothing here.</p>
      <p class="quiet">
        <Show
          when={props.folder === "inbox"}
          fallback="Secure messages that you send are kept here, with who has opened them."
        >
          A secure message to <span class="list__empty-address">{mail.address}</span> will appear here, and we
          send a mail.
        </Show>
      </p>
    </div>
  );
}

function Skeleton() {
  return (
    <div class="skeleton" role="status">
      <span class="visually-hidden">Loading messages</span>
      <For each={[1, 2, 3, 4]}>
        {() => (
          <div class="skeleton__row" aria-hidden="true">
            <span />
            <span />
            <span />
          </div>
        )}
      </For>
    </div>
  );
}
