/**
 * One message and every state it can be in. Arranges; `createMessage` thinks.
 */
import { createEffect, createMemo, lazy, Match, on, Suspense, Switch } from "solid-js";
import type { Folder } from "../backend/backend.ts";
import { HELD_FOR_REVIEW } from "../backend/portal-mail.ts";
import { createWaking } from "../mailbox/catch-up.ts";
import { useMail } from "../mailbox/mail.ts";
import { usePortal } from "../portal.ts";
import { RecipientsPanel } from "../sent/recipients-panel.tsx";
import { AsksFirst, Ended, Trouble } from "./ended.tsx";
import { createMessage, type MessageState } from "./message.ts";
import { MessageSheet } from "./message-sheet.tsx";
import "./message.css";

const HeldPanel = lazy(async () => ({
  default: (await import("../review/held-panel.tsx")).HeldPanel,
}));

export function MessagePage(props: { deliveryId: string; onFolder: (folder: Folder) => void }) {
  const mail = useMail();
  const { clock, session } = usePortal();
  const view = createMessage({
    backend: mail.backend,
    keys: mail.keys,
    clock,
    newId: () => crypto.randomUUID(),
    onRow: mail.put,
    onSignedOut: session.end,
  });
  createEffect(
    on(
      () => props.deliveryId,
      (id) => void view.look(id),
    ),
  );
  mail.onLive((event) => {
    if (event.kind === "delivery" && event.deliveryId === props.deliveryId) void view.recheck();
  });
  createWaking({ now: clock.now, window, document }, () => void view.recheck());
  const sent = () => view.row()?.folder === "sent";
  createEffect(
    on(view.row, (row) => {
      if (row !== null && row.folder !== "deleted") props.onFolder(row.folder);
    }),
  );
  return (
    <article class="message" aria-live="off">
      <StateOf state={view.state()} view={view} sent={sent()} />
    </article>
  );
}

type View = ReturnType<typeof createMessage>;

function StateOf(props: { state: MessageState; view: View; sent: boolean }) {
  const is = <K extends MessageState["kind"]>(kind: K) =>
    createMemo(() =>
      props.state.kind === kind ? (props.state as Extract<MessageState, { kind: K }>) : null,
    );
  const shown = is("shown");
  const asks = is("asks");
  const messageId = () => (props.sent ? (props.view.row()?.message_id ?? null) : null);
  const tracking = () => {
    const id = messageId();
    return id === null ? null : <RecipientsPanel messageId={id} />;
  };
  const review = () => {
    const row = props.view.row();
    return row?.definition === HELD_FOR_REVIEW ? (
      <Suspense>
        <HeldPanel deliveryId={row.delivery_id} />
      </Suspense>
    ) : null;
  };
  return (
    <Switch fallback={<Ended state={props.state} row={props.view.row()} tracking={tracking()} />}>
      <Match when={props.state.kind === "loading"}>
        <Opening />
      </Match>
      <Match when={shown()}>
        {(state) => <MessageSheet message={state().message} tracking={tracking()} review={review()} />}
      </Match>
      <Match when={asks()}>
        {(state) => (
          <AsksFirst row={state().row} viewLimit={state().viewLimit} onOpen={() => void props.view.open()} />
        )}
      </Match>
      <Match when={props.state.kind === "offline" || props.state.kind === "failed"}>
        <Trouble offline={props.state.kind === "offline"} onRetry={() => void props.view.retry()} />
      </Match>
    </Switch>
  );
}

function Opening() {
  return (
    <div class="skeleton skeleton--message" role="status">
      <span class="visually-hidden">Opening the message</span>
      <div class="skeleton__row" aria-hidden="true">
        <span />
        <span />
        <span />
      </div>
    </div>
  );
}
