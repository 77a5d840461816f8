/**
 * One message on screen: asked for, opened, shown until it ends. The plaintext lives in this state and leaves it at the
 * second the message expires, when it is recalled, or when another one is looked at.
 */
import { type Accessor, createSignal, onCleanup } from "solid-js";
import type { OpenAccount } from "../account/vault.ts";
import { type Backend, BackendFailure, type DeliveryRow } from "../backend/backend.ts";
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
  /** A row that was fetched, so that lists show it as it is. */
  onRow(row: DeliveryRow): void;
  onSignedOut(): void;
}

export interface MessageView {
  state: Accessor<MessageState>;
  /** The delivery as the list shows it; null until it is known. */
  row: Accessor<DeliveryRow | null>;
  /** Turns to a message, and forgets the one before. */
  look(deliveryId: string): Promise<void>;
  /** Opens a message that asked first. */
  open(): Promise<void>;
  retry(): Promise<void>;
  /** Whether it has ended meanwhile: on waking, and when Realtime says that it changed. */
  recheck(): Promise<void>;
}

/** Made under an owner: when that is disposed of, the message is forgotten. */
export function createMessage(ports: MessagePorts): MessageView {
  const screen = createScreen(ports.clock);
  const [row, setRow] = createSignal<DeliveryRow | null>(null);
  const openings = makeOpenings(ports);
  let current = "";

  /** Runs one question; its answer is dropped when another question came meanwhile. */
  const ask = async (question: (id: string) => Promise<MessageState>): Promise<void> => {
    const turn = screen.turn();
    const next = await question(current).catch((thrown: unknown) => failed(ports, thrown));
    if (turn.isLast()) screen.show(next);
  };
  const load = async (id: string): Promise<MessageState> => {
    const found = await ports.backend.delivery(id);
    if (id === current) setRow(found);
    if (found === null) return { kind: "unknown" };
    const { viewLimit } = found.controls;
    const asks = viewLimit !== null && found.folder !== "sent";
    return endOf(found) ?? (asks ? { kind: "asks", row: found, viewLimit } : await openings.open(id));
  };
  return {
    state: screen.state,
    row,
    look(deliveryId) {
      current = deliveryId;
      setRow(null);
      return ask(load);
    },
    open: () => ask(openings.open),
    retry: () => ask(load),
    async recheck() {
      screen.check();
      if (screen.state().kind === "offline") return await ask(load);
      const id = current;
      const found = await ports.backend.delivery(id).catch(() => null);
      if (found === null || id !== current) return;
      setRow(found);
      const ended = endOf(found);
      // Having been used up ends the next opening, not the one on screen.
      if (ended !== null && ended.kind !== "used" && screen.state().kind !== ended.kind) screen.show(ended);
    },
  };
}

interface Screen {
  state: Accessor<MessageState>;
  show(state: MessageState): void;
  /** Begins a question: the screen says "loading", and earlier questions no longer count. */
  turn(): { isLast(): boolean };
  /** Looks at the clock anew; a sleeping tab's timers are late. */
  check(): void;
}

/** What is shown, and the alarm that takes it away. */
function createScreen(clock: Clock): Screen {
  const [state, setState] = createSignal<MessageState>({ kind: "loading" });
  let alarm: ReturnType<typeof makeAlarm> | null = null;
  let turns = 0;
  const show = (next: MessageState): void => {
    alarm?.stop();
    alarm = null;
    setState(next);
    if (next.kind !== "shown" || next.message.endsAt === null) return;
    const at = next.message.endsAt;
    alarm = makeAlarm(clock, at, () => setState({ kind: "expired", at }));
  };
  onCleanup(() => {
    turns += 1;
    alarm?.stop();
  });
  return {
    state,
    show,
    turn() {
      turns += 1;
      const mine = turns;
      show({ kind: "loading" });
      return { isLast: () => mine === turns };
    },
    check: () => alarm?.check(),
  };
}

/** Opens messages; an opening whose answer was lost is asked for again under its own id, so that it counts once. */
function makeOpenings(ports: MessagePorts): { open(deliveryId: string): Promise<MessageState> } {
  const ids = new Map<string, string>();
  return {
    async open(deliveryId) {
      const openingId = ids.get(deliveryId) ?? ports.newId();
      ids.set(deliveryId, openingId);
      const answer = await ports.backend.open(deliveryId, openingId);
      ids.delete(deliveryId);
      if (answer.kind === "opened") ports.clock.correct(answer.server_now_ms);
      const outcome = await openReleased(ports.keys, answer, ports.clock.now());
      if (outcome.kind === "shown") void noteOpened(ports, deliveryId);
      return outcome;
    },
  };
}

/** The tombstone that a row is, or null while it can be read. */
function endOf(row: DeliveryRow): { kind: "expired" | "recalled" | "used"; at: number | null } | null {
  if (row.state === "readable") return null;
  const at = row.ended_at ?? (row.state === "expired" ? row.expires_at : null);
  return { kind: row.state, at: at === null ? null : Date.parse(at) };
}

/** Opening made it read: brings the lists up to date; a failure is caught up with the next list. */
async function noteOpened(ports: MessagePorts, deliveryId: string): Promise<void> {
  const row = await ports.backend.delivery(deliveryId).catch(() => null);
  if (row !== null) ports.onRow(row);
}

function failed(ports: MessagePorts, thrown: unknown): MessageState {
  if (!(thrown instanceof BackendFailure)) throw thrown;
  if (thrown.kind === "signed-out") ports.onSignedOut();
  return { kind: thrown.kind === "offline" ? "offline" : "failed" };
}
