/**
 * When to ask the server what was missed: on waking, on coming back online, when Realtime connects again.
 */
import { onCleanup } from "solid-js";

/** Waking fires several events at once; one question is enough. */
const AT_MOST_EVERY = 1_000;

export interface WakePorts {
  now(): number;
  /** The page's window and document, or anything that fires their events. */
  window: Pick<EventTarget, "addEventListener" | "removeEventListener">;
  document: Pick<Document, "visibilityState" | "addEventListener" | "removeEventListener">;
}

/** Calls back at each waking until the owner is disposed of. */
export function createWaking(ports: WakePorts, woken: () => void): void {
  let last = Number.NEGATIVE_INFINITY;
  const wake = (): void => {
    if (ports.document.visibilityState === "hidden" || ports.now() - last < AT_MOST_EVERY) return;
    last = ports.now();
    woken();
  };
  ports.window.addEventListener("online", wake);
  ports.window.addEventListener("focus", wake);
  ports.document.addEventListener("visibilitychange", wake);
  onCleanup(() => {
    ports.window.removeEventListener("online", wake);
    ports.window.removeEventListener("focus", wake);
    ports.document.removeEventListener("visibilitychange", wake);
  });
}
