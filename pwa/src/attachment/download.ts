/**
 * One attachment on its way to the reader: idle, arriving with progress, there, or why not.
 */
import { type Accessor, createSignal, onCleanup } from "solid-js";
import type { FetchedAttachment } from "./fetch-attachment.ts";

/** Smaller steps than this nobody sees. */
const SHOWN_STEP = 0.01;

export type DownloadState =
  | { kind: "idle" }
  | { kind: "arriving"; done: number }
  | { kind: "arrived" }
  | { kind: "altered" | "offline" | "failed" };

export interface Download {
  state: Accessor<DownloadState>;
  start(): Promise<void>;
  cancel(): void;
}

type Fetch = (signal: AbortSignal, onProgress: (done: number) => void) => Promise<FetchedAttachment>;

/** `deliver` gets the opened bytes, once, when all of them were verified. */
export function createDownload(fetch: Fetch, deliver: (blob: Blob) => void): Download {
  const [state, setState] = createSignal<DownloadState>({ kind: "idle" });
  let running: AbortController | null = null;
  onCleanup(() => running?.abort());
  return {
    state,
    cancel: () => running?.abort(),
    async start() {
      if (running !== null) return;
      running = new AbortController();
      setState({ kind: "arriving", done: 0 });
      let shown = 0;
      const onProgress = (done: number): void => {
        if (done - shown < SHOWN_STEP) return;
        shown = done;
        setState({ kind: "arriving", done });
      };
      const fetched = await fetch(running.signal, onProgress).finally(() => {
        running = null;
      });
      if (fetched.kind === "fetched") {
        deliver(fetched.blob);
        setState({ kind: "arrived" });
      } else setState(fetched.kind === "cancelled" ? { kind: "idle" } : fetched);
    },
  };
}
