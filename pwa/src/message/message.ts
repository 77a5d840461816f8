/**
 * One message on screen: asked for, opened, shown until it ends. The plaintext lives in this store and leaves it at the
 * second the message expires, is recalled, or another one is looked at.
 */
import { type Accessor, createEffect, createSignal, on, onCleanup } from "solid-js";
import type { OpenAccount } from "../account/vault.ts";
import { type Backend, BackendFailure, type DeliveryRow, type LiveEvent } from "../backend/backend.ts";
import { type Clock, makeAlarm } from "../time/clock.ts";
import { type OpenOutcome, openReleased } from "./open.ts";

export type MessageState =
  | { kind: "loading" }
  /** It can be opened a limited number of times: the reader says when. */
  | { kind: "asks"; row: DeliveryRow; viewLimit: number }
  | OpenOutcome
  | { kind: "offline" }
  | { kind: "failed" };

export interface MessagePorts {
  backend: Pick<Backend, "delivery" | "open">;
  keys: OpenAccount;
  clock: Clock;
  newId(): string;
  onLive(heard: (event: LiveEvent) => void): void;
  onWaking(woken: () => void): void;
  /** A row that was fetched, so that lists show it as it is. */
  onRow(row: DeliveryRow): void;
  onSignedOut(): void;
}

export interface MessageView {
  state: Accessor<MessageState>;
  row: Accessor<DeliveryRow | null>;
  /** Opens a message that asked first. */
  open(): void;
  retry(): void;
}

export function createMessage(deliveryId: Accessor<string>, ports: MessagePorts): MessageView {
  const [state, setState] = createSignal<MessageState>({ kind: "loading" });
  const [row, setRow] = createSignal<DeliveryRow | null>(null);
  // An opening whose answer was lost is asked for again under its own id, so that it counts once.
  const openingIds = new Map<string, string>();
  let alarm: { check(): void; stop(): void } | null = null;
  let turn = 0;

  const show = (next: MessageState): void => {
    alarm?.stop();
    alarm = null;
    setState(next);
    if (next.kind !== "shown" || next.message.endsAt === null) return;
    const at = next.message.endsAt;
    alarm = makeAlarm(ports.clock, at, () => setState({ kind: "expired", at }));
  };

  /** Runs one question about the current message; its answer is dropped when another message came meanwhile. */
  const ask = async (question: (id: string) => Promise<MessageState>): Promise<void> => {
    turn += 1;
    const mine = turn;
    const next = await question(deliveryId()).catch(failed);
    if (mine === turn) show(next);
  };
  const failed = (thrown: unknown): MessageState => {
    if (!(thrown instanceof BackendFailure)) throw thrown;
    if (thrown.kind === "signed-out") ports.onSignedOut();
    return { kind: thrown.kind === "offline" ? "offline" : "failed" };
  };

  const openNow = async (id: string): Promise<MessageState> => {
    const openingId = openingIds.get(id) ?? ports.newId();
    openingIds.set(id, openingId);
    const answer = await ports.backend.open(id, openingId);
    openingIds.delete(id);
    if (answer.kind === "opened") ports.clock.correct(answer.server_now_ms);
    const outcome = await openReleased(ports.keys, answer, ports.clock.now());
    if (outcome.kind === "shown") void noteOpened(ports, id);
    return outcome;
  };
  const load = async (id: string): Promise<MessageState> => {
    const found = await ports.backend.delivery(id);
    setRow(found);
    if (found === null) return { kind: "unknown" };
    const ended = endOf(found);
    if (ended !== null) return ended;
    const { viewLimit } = found.controls;
    return viewLimit === null ? await openNow(id) : { kind: "asks", row: found, viewLimit };
  };

  createEffect(
    on(deliveryId, () => {
      show({ kind: "loading" });
      setRow(null);
      void ask(load);
    }),
  );
  ports.onLive((event) => {
    if (event.kind === "delivery" && event.deliveryId === deliveryId()) void recheck();
  });
  ports.onWaking(() => {
    alarm?.check();
    if (state().kind === "offline") void ask(load);
    else void recheck();
  });
  /** Whether the message on screen has ended meanwhile; a failure leaves it to its alarm. */
  const recheck = async (): Promise<void> => {
    const id = deliveryId();
    const found = await ports.backend.delivery(id).catch(() => null);
    if (found === null || id !== deliveryId()) return;
    setRow(found);
    const ended = endOf(found);
    // Having been used up ends the next opening, not the one on screen.
    if (ended !== null && ended.kind !== "used" && state().kind !== ended.kind) show(ended);
  };
  onCleanup(() => {
    turn += 1;
    alarm?.stop();
  });

  return {
    state,
    row,
    open: () => {
      show({ kind: "loading" });
      void ask(openNow);
    },
    retry: () => {
      show({ kind: "loading" });
      void ask(load);
    },
  };
}

/** The tombstone that a row is, or null while it can be read. */
export function endOf(row: DeliveryRow): { kind: "expired" | "recalled" | "used"; at: number | null } | null {
  if (row.state === "readable") return null;
  const at = row.ended_at ?? (row.state === "expired" ? row.expires_at : null);
  return { kind: row.state, at: at === null ? null : Date.parse(at) };
}

/** Opening made it read: brings the lists up to date; a failure is caught up with the next list. */
async function noteOpened(ports: MessagePorts, id: string): Promise<void> {
  try {
    const row = await ports.backend.delivery(id);
    if (row !== null) ports.onRow(row);
  } catch (thrown) {
    if (!(thrown instanceof BackendFailure)) throw thrown;
  }
}
