/**
 * What the database announces: each row of `realtime.messages` arrives here by NOTIFY.
 *
 * Listens on a connection of its own and comes back after it was lost. What was announced meanwhile is lost, as with
 * hosted Realtime; devices ask for "changes since my cursor".
 */
import { Client } from "pg";
import type { Log } from "../log.ts";
import { isRecord } from "./frame.ts";

/** One broadcast on a topic, as the database sent it. */
export type Announcement = {
  readonly id: string;
  readonly topic: string;
  readonly event: string;
  readonly payload: unknown;
};

const firstRetryMs = 100;
const longestRetryMs = 5_000;

/** Calls `onAnnouncement` for each private broadcast until stopped. Resolves when it listens. */
export async function listen(
  listenUrl: string,
  onAnnouncement: (announcement: Announcement) => void,
  log: Log,
): Promise<{ stop(): Promise<void> }> {
  const state: { client: Client | undefined; timer: NodeJS.Timeout | undefined; stopped: boolean } = {
    client: undefined,
    timer: undefined,
    stopped: false,
  };

  const connect = async (): Promise<void> => {
    const client = new Client({ connectionString: listenUrl, keepAlive: true });
    client.on("error", () => {}); // "end" follows, and is what counts
    client.on("notification", ({ payload }) => {
      const announcement = readAnnouncement(payload);
      if (announcement !== null) onAnnouncement(announcement);
    });
    await client.connect();
    await client.query("listen sealpost_realtime");
    if (state.stopped) return client.end();
    state.client = client;
    client.on("end", () => reconnect(firstRetryMs));
  };

  const reconnect = (delayMs: number): void => {
    state.client = undefined;
    if (state.stopped) return;
    log("lost the database, connecting again");
    state.timer = setTimeout(() => {
      connect().catch(() => reconnect(Math.min(delayMs * 2, longestRetryMs)));
    }, delayMs);
  };

  await connect();
  return {
    async stop() {
      state.stopped = true;
      clearTimeout(state.timer);
      await state.client?.end();
    },
  };
}

function readAnnouncement(text: string | undefined): Announcement | null {
  try {
    const value: unknown = JSON.parse(text ?? "");
    if (!isRecord(value) || value.private !== true) return null;
    const { id, topic, event, payload } = value;
    if (typeof id !== "string" || typeof topic !== "string" || typeof event !== "string") return null;
    return { id, topic, event, payload };
  } catch {
    return null;
  }
}
