/**
 * One client's socket: reads its frames in order, keeps its channels, and hangs up on what no honest client does.
 *
 * Frames are handled one after the other, so that a leave cannot overtake its join. Nothing here throws.
 */
import { WebSocket } from "ws";
import type { Log } from "../log.ts";
import { type Channel, type ChannelPorts, join, reply } from "./channel.ts";
import { type Frame, readFrame, writeFrame } from "./frame.ts";

/** What one connection may cost. */
export const limits = {
  frameBytes: 64 * 1024, // ids only travel here; hosted allows 256 KB and more
  channels: 100, // as hosted
  waitingFrames: 500, // a client that sends faster than the database answers is not ours
  unsentBytes: 1024 * 1024, // a reader that slow repairs itself from the database
  silentMs: 60_000, // two missed heartbeats of realtime-js
} as const;

type ConnectionPorts = Omit<ChannelPorts, "send"> & { readonly log: Log };

const tryAgainLater = 1013;
const policyViolation = 1008;

/** Serves a socket until it closes. `apikey` is the token for whoever joins without one. */
export function serveConnection(socket: WebSocket, apikey: string, ports: ConnectionPorts): void {
  const channels = new Map<string, Channel>();
  const send = (frame: Frame): void => {
    if (socket.readyState !== WebSocket.OPEN) return;
    if (socket.bufferedAmount > limits.unsentBytes) socket.terminate();
    else socket.send(writeFrame(frame));
  };
  const channelPorts: ChannelPorts = { ...ports, send };
  const silence = setTimeout(() => socket.terminate(), limits.silentMs);
  const waiting = { frames: 0, tail: Promise.resolve() };

  socket.on("error", () => {}); // "close" follows, and is what counts
  socket.on("close", () => {
    clearTimeout(silence);
    waiting.tail = waiting.tail.then(() => closeAll(channels));
  });
  socket.on("message", (data: Buffer, isBinary: boolean) => {
    silence.refresh();
    const frame = readFrame(data, isBinary);
    if (frame === null || waiting.frames >= limits.waitingFrames) return socket.close(policyViolation);
    waiting.frames += 1;
    waiting.tail = waiting.tail
      .then(() =>
        socket.readyState === WebSocket.OPEN ? handle(frame, channels, apikey, channelPorts) : undefined,
      )
      .catch(() => {
        ports.log("could not ask the database about a channel");
        socket.close(tryAgainLater);
      })
      .finally(() => {
        waiting.frames -= 1;
      });
  });
}

async function handle(
  frame: Frame,
  channels: Map<string, Channel>,
  apikey: string,
  ports: ChannelPorts,
): Promise<void> {
  if (frame.event === "heartbeat" && frame.topic === "phoenix") return ports.send(reply(frame, {}, true));
  if (frame.event === "phx_join") return handleJoin(frame, channels, apikey, ports);
  const channel = channels.get(frame.topic);
  switch (frame.event) {
    case "phx_leave":
      ports.send(reply(frame, {}, true));
      return channel?.close();
    case "access_token": {
      const token = frame.payload.access_token;
      return typeof token === "string" ? channel?.renew(token) : undefined;
    }
    case "broadcast":
      if (channel !== undefined) return channel.broadcast(frame);
      return ports.send(reply(frame, { reason: "unmatched topic" }, false));
    default:
      return ports.send(reply(frame, { reason: "unknown event" }, false));
  }
}

async function handleJoin(
  frame: Frame,
  channels: Map<string, Channel>,
  apikey: string,
  ports: ChannelPorts,
): Promise<void> {
  channels.get(frame.topic)?.close();
  if (channels.size >= limits.channels) {
    const reason = "ChannelRateLimitReached: Too many channels";
    return ports.send(reply(frame, { reason }, false));
  }
  const joining = await join(frame, apikey, ports, () => channels.delete(frame.topic));
  switch (joining.kind) {
    case "joined":
      channels.set(frame.topic, joining.channel);
      return ports.send(reply(frame, { postgres_changes: [] }, true));
    case "refused":
      return ports.send(reply(frame, { reason: joining.reason }, false));
  }
}

function closeAll(channels: Map<string, Channel>): void {
  for (const channel of channels.values()) channel.close();
}
