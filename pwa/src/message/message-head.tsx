/**
 * The head of a message: subject, people, times, and the sender's rules in words.
 */
import type { Correspondent } from "@sealpost/shared/wire/header.ts";
import { For, onMount, Show } from "solid-js";
import { useMail } from "../mailbox/mail.ts";
import { nameOf } from "../mailbox/row-words.ts";
import { usePortal } from "../portal.ts";
import { Icon } from "../shell/icon.tsx";
import { exactTime, expiryWords, listTime, spokenTime } from "../time/words.ts";
import { controlWords } from "./control-words.ts";
import type { ShownMessage } from "./open.ts";

/** More names than this are counted; the details list all. */
const NAMES_SHOWN = 3;

export function MessageHead(props: { message: ShownMessage }) {
  const { locale, now } = usePortal();
  let heading: HTMLHeadingElement | undefined;
  onMount(() => heading?.focus({ preventScroll: true }));
  const header = () => props.message.header;
  const sentAt = () => Date.parse(header().date);
  return (
    <header class="head">
      <h1 class="head__subject" tabindex="-1" dir="auto" ref={(element) => (heading = element)}>
        {header().subject.trim() || "(no subject)"}
      </h1>
      <div class="head__people">
        <p class="head__from">
          <bdi>{nameOf(header().from)}</bdi>
          <Show when={header().from.name}>
            <span class="head__address">{header().from.address}</span>
          </Show>
        </p>
        <Show when={Number.isFinite(sentAt())}>
          <time class="head__time quiet" dateTime={header().date} title={exactTime(sentAt(), locale)}>
            {listTime(sentAt(), now(), locale)}
          </time>
        </Show>
      </div>
      <Details header={header()} sentAt={sentAt()} />
      <Expiry endsAt={props.message.endsAt} />
      <For each={controlWords(props.message.controls)}>{(rule) => <p class="head__rule">{rule}</p>}</For>
    </header>
  );
}

function Details(props: { header: ShownMessage["header"]; sentAt: number }) {
  const { locale } = usePortal();
  const mail = useMail();
  const everybody = () => [...props.header.to, ...props.header.cc];
  return (
    <details class="head__details">
      <summary>to {shortList(everybody(), mail.address)}</summary>
      <dl class="head__facts">
        <People term="From" people={[props.header.from]} />
        <People term="To" people={props.header.to} />
        <People term="Cc" people={props.header.cc} />
        <Show when={Number.isFinite(props.sentAt)}>
          <div>
            <dt>Sent</dt>
            <dd>{exactTime(props.sentAt, locale)}</dd>
          </div>
        </Show>
      </dl>
    </details>
  );
}

function People(props: { term: string; people: readonly Correspondent[] }) {
  return (
    <Show when={props.people.length > 0}>
      <div>
        <dt>{props.term}</dt>
        <For each={props.people}>
          {(person) => (
            <dd>
              <bdi>{person.name}</bdi> <span class="quiet">{person.address}</span>
            </dd>
          )}
        </For>
      </div>
    </Show>
  );
}

function Expiry(props: { endsAt: number | null }) {
  const { locale, now } = usePortal();
  const words = () => expiryWords(props.endsAt, now());
  return (
    <Show when={props.endsAt}>
      {(endsAt) => (
        <p class="head__expiry" classList={{ "head__expiry--soon": words()?.soon ?? false }}>
          <Icon name="clock" />
          <span>
            <time dateTime={new Date(endsAt()).toISOString()} title={exactTime(endsAt(), locale)}>
              Can be read until {spokenTime(endsAt(), now(), locale).replace(/^on /, "")}
            </time>
            <span class="head__left"> · {words()?.text}</span>
          </span>
        </p>
      )}
    </Show>
  );
}

/** "you, Dr. Ruth Adler and 12 others" */
function shortList(people: readonly Correspondent[], ownAddress: string): string {
  if (people.length === 0) return "undisclosed recipients";
  const isMe = (person: Correspondent): boolean => person.address.toLowerCase() === ownAddress;
  const names = [...people.filter(isMe).map(() => "you"), ...people.filter((one) => !isMe(one)).map(nameOf)];
  const shown = names.slice(0, NAMES_SHOWN);
  const others = names.length - shown.length;
  if (others > 0) return `${shown.join(", ")} and ${others === 1 ? "1 other" : `${others} others`}`;
  return shown.length === 1 ? (shown[0] ?? "") : `${shown.slice(0, -1).join(", ")} and ${shown.at(-1)}`;
}
