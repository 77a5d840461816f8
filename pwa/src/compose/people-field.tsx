/**
 * Recipients as chips, and the field in which the next one is typed. Enter, a comma or leaving the field makes a chip;
 * Backspace in the empty field takes the last one back.
 */
import type { Correspondent } from "@sealpost/shared/wire/header.ts";
import { createSignal, createUniqueId, For, onCleanup, onMount, Show } from "solid-js";
import { nameOf } from "../mailbox/row-words.ts";
import { Icon } from "../shell/icon.tsx";
import { readPerson } from "./draft.ts";

interface PeopleFieldProps {
  label: string;
  people: readonly Correspondent[];
  /** Who is offered while typing. */
  known: readonly Correspondent[];
  disabled: boolean;
  focused?: boolean;
  onPeople: (people: Correspondent[]) => void;
}

export function PeopleField(props: PeopleFieldProps) {
  const id = createUniqueId();
  const [typed, setTyped] = createSignal("");
  const [unread, setUnread] = createSignal("");
  let input: HTMLInputElement | undefined;
  const take = (): void => {
    const texts = typed()
      .split(/[,;\n]/)
      .map((text) => text.trim())
      .filter(Boolean);
    const read = texts.map((text) => readPerson(text, props.known));
    const bad = texts.filter((_, at) => read[at] === null);
    const people = distinct([...props.people, ...read.filter((one) => one !== null)]);
    setTyped(bad.join(", "));
    setUnread(bad.join(", "));
    if (people.length > props.people.length) props.onPeople(people);
  };
  /** Sending takes what is still being typed; what cannot be read stops it. */
  const onSubmit = (event: Event): void => {
    take();
    if (unread() === "") return;
    event.preventDefault();
    event.stopImmediatePropagation();
    input?.focus();
  };
  onMount(() => {
    const form = input?.form;
    form?.addEventListener("submit", onSubmit, { capture: true });
    onCleanup(() => form?.removeEventListener("submit", onSubmit, { capture: true }));
  });
  const remove = (person: Correspondent): void => {
    props.onPeople(props.people.filter((one) => one.address !== person.address));
    input?.focus();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.isComposing) return;
    if ((event.key === "Enter" || event.key === ",") && typed().trim() !== "") {
      event.preventDefault();
      take();
    } else if (event.key === "Enter") event.preventDefault();
    const last = props.people.at(-1);
    if (event.key === "Backspace" && typed() === "" && last !== undefined) remove(last);
  };
  return (
    <div class="people">
      <label class="people__label" for={id}>
        {props.label}
      </label>
      <div class="people__box">
        <Show when={props.people.length > 0}>
          <ul class="people__chips" aria-label={`${props.label}: recipients`}>
            <For each={props.people}>
              {(person) => <Chip person={person} disabled={props.disabled} onRemove={() => remove(person)} />}
            </For>
          </ul>
        </Show>
        <input
          class="people__input"
          id={id}
          ref={(element) => {
            input = element;
            if (props.focused) queueMicrotask(() => element.focus());
          }}
          type="text"
          inputmode="email"
          autocomplete="off"
          autocapitalize="none"
          spellcheck={false}
          list={`${id}-known`}
          value={typed()}
          disabled={props.disabled}
          aria-invalid={unread() !== "" || undefined}
          aria-describedby={unread() === "" ? undefined : `${id}-problem`}
          onInput={(event) => setTyped(event.currentTarget.value)}
          onKeyDown={onKeyDown}
          onBlur={take}
        />
        <datalist id={`${id}-known`}>
          <For each={props.known}>{(one) => <option value={one.address}>{one.name}</option>}</For>
        </datalist>
      </div>
      <div class="people__problem" id={`${id}-problem`} role="alert">
        <Show when={unread()}>{(text) => <p>“{text()}” is not an e-mail address. Correct it.</p>}</Show>
      </div>
    </div>
  );
}

function Chip(props: { person: Correspondent; disabled: boolean; onRemove: () => void }) {
  return (
    <li class="chip">
      <bdi class="chip__name" title={props.person.address}>
        {nameOf(props.person)}
      </bdi>
      <button
        class="chip__remove"
        type="button"
        disabled={props.disabled}
        aria-label={`Remove ${nameOf(props.person)}`}
        onClick={() => props.onRemove()}
      >
        <Icon name="close" />
      </button>
    </li>
  );
}

function distinct(people: readonly Correspondent[]): Correspondent[] {
  return [...new Map(people.toReversed().map((one) => [one.address.toLowerCase(), one])).values()].reverse();
}
