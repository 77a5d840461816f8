/**
 * What stands in place of a message that is not there to be read: what happened, when, and what can be done.
 */
import { createEffect, type JSX, onMount, Show } from "solid-js";
import type { DeliveryRow } from "../backend/backend.ts";
import { usePortal } from "../portal.ts";
import { Icon, type IconName } from "../shell/icon.tsx";
import { exactTime, spokenTime } from "../time/words.ts";
import type { MessageState } from "./message.ts";

type EndedState = Exclude<MessageState, { kind: "loading" | "shown" | "asks" | "offline" | "failed" }>;

interface Words {
  icon: IconName;
  heading: string;
  text: string;
}

export function Ended(props: { state: MessageState; row: DeliveryRow | null; tracking: JSX.Element }) {
  const { locale, now } = usePortal();
  const words = () => endedWords(props.state as EndedState, props.row);
  const at = () => ("at" in props.state ? props.state.at : null);
  return (
    <Statement icon={words().icon} heading={words().heading}>
      <Show when={at()}>
        {(moment) => (
          <p class="statement__when">
            <time dateTime={new Date(moment()).toISOString()} title={exactTime(moment(), locale)}>
              {capital(spokenTime(moment(), now(), locale))}
            </time>
          </p>
        )}
      </Show>
      <p class="quiet">{words().text}</p>
      <Show when={props.row?.folder === "inbox" ? props.row.first_opened_at : null}>
        {(opened) => (
          <p class="quiet">You first opened it {spokenTime(Date.parse(opened()), now(), locale)}.</p>
        )}
      </Show>
      {props.tracking}
    </Statement>
  );
}

function endedWords(state: EndedState, row: DeliveryRow | null): Words {
  const sender = row?.sender_name || row?.sender_address || "The sender";
  const own = row?.folder === "sent";
  switch (state.kind) {
    case "expired":
      return {
        icon: "clock",
        heading: "This message has expired",
        text: own
          ? "Nobody can read it any more, and its content was deleted. What became of it stays here."
          : `${sender} chose until when it could be read. Its content was deleted. If you still need it, ask ${sender} to send it again.`,
      };
    case "recalled":
      return {
        icon: "close",
        heading: own ? "You recalled this message" : "The sender recalled this message",
        text: own
          ? "Nobody can read it now. What became of it stays here."
          : `It cannot be read any more. If you have a question about it, write to ${sender}.`,
      };
    case "used":
      return {
        icon: "eye",
        heading: "This message has been opened as often as it could be",
        text: `${sender} limited how often it can be opened. If you still need it, ask ${sender} to send it again.`,
      };
    case "unknown":
      return {
        icon: "warning",
        heading: "There is no such message for you",
        text: "The link may be for somebody else, or from another account of yours. Check that the notice was sent to the address that you signed in with.",
      };
    case "altered":
      return {
        icon: "warning",
        heading: "This message was altered",
        text: `What is stored is not what was sent, so nothing of it is shown. Tell ${sender}, by phone or by ordinary mail, that this message was altered.`,
      };
    case "no-key":
      return {
        icon: "warning",
        heading: "This message cannot be opened with your key",
        text: `It was sealed to a key that this account does not have. Ask ${sender} to send it again.`,
      };
  }
}

/** Before a message whose openings are counted is opened. */
export function AsksFirst(props: { row: DeliveryRow; viewLimit: number; onOpen: () => void }) {
  const left = () => props.viewLimit - props.row.open_count;
  const sender = () => props.row.sender_name || props.row.sender_address;
  return (
    <Statement
      icon="eye"
      heading={
        left() === 1 ? "This message can be opened once" : `This message can be opened ${left()} more times`
      }
    >
      <p class="quiet">
        {sender()} limited how often it can be opened.{" "}
        {left() === 1
          ? "When you leave it, it cannot be opened again, so open it when you have time to read it."
          : "Each time that you open it counts."}
      </p>
      <button class="button button--primary" type="button" onClick={() => props.onOpen()}>
        Open message
      </button>
    </Statement>
  );
}

/** No network, or a server that errs. */
export function Trouble(props: { offline: boolean; onRetry: () => void }) {
  return (
    <Statement
      icon={props.offline ? "offline" : "warning"}
      heading={props.offline ? "You are offline" : "The message could not be opened"}
    >
      <p class="quiet">
        {props.offline
          ? "The message opens as soon as you are connected again."
          : "Our server did not answer as it should. The message is safe. Try again in a minute."}
      </p>
      <button class="button" type="button" onClick={() => props.onRetry()}>
        Try again
      </button>
    </Statement>
  );
}

function Statement(props: { icon: IconName; heading: string; children: JSX.Element }) {
  let heading: HTMLHeadingElement | undefined;
  onMount(() => heading?.focus({ preventScroll: true }));
  createEffect(() => {
    // A message that ends while it is read says so at once: the new heading takes the focus.
    if (props.heading) heading?.focus({ preventScroll: true });
  });
  return (
    <div class="statement">
      <span class="statement__icon">
        <Icon name={props.icon} />
      </span>
      <h1 class="statement__heading" tabindex="-1" ref={(element) => (heading = element)}>
        {props.heading}
      </h1>
      {props.children}
    </div>
  );
}

function capital(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}
