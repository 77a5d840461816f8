/**
 * One private channel of one connection, from join to close.
 *
 * Nobody is joined before the database's policies agreed, and nobody stays longer than the token that they were asked
 * for; a new token is asked for again. Public channels are refused.
 */
import { randomUUID } from "node:crypto";
import { type Frame, isRecord } from "./frame.ts";
import type { Hub, Listener } from "./hub.ts";
import type { Permissions } from "./permission.ts";
import type { Claims, TokenVerdict } from "./token.ts";

/** What a channel needs of the world. */
export type ChannelPorts = {
  readonly hub: Hub;
  readonly permissions: Permissions;
  readonly judge: (token: string) => TokenVerdict;
  readonly now: () => number;
  readonly send: (frame: Frame) => void;
};

/** A joined channel. */
export type Channel = {
  renew(token: string): Promise<void>;
  broadcast(frame: Frame): void;
  close(): void;
};

export type Joining = { kind: "joined"; channel: Channel } | { kind: "refused"; reason: string };

type Admission =
  | { kind: "admitted"; claims: Claims; mayBroadcast: boolean }
  | { kind: "refused"; reason: string };

const topicPrefix = "realtime:";
const longestTimerMs = 2 ** 31 - 1; // beyond it, setTimeout fires at once

/** Joins the channel that `frame` asks for; `onClosed` runs once when it ends by itself. */
export async function join(
  frame: Frame,
  fallbackToken: string,
  ports: ChannelPorts,
  onClosed: () => void,
): Promise<Joining> {
  const config = isRecord(frame.payload.config) ? frame.payload.config : {};
  if (!frame.topic.startsWith(topicPrefix) || frame.topic.length === topicPrefix.length) {
    return { kind: "refused", reason: "TopicNameRequired: a topic begins with realtime: and has a name" };
  }
  if (config.private !== true) {
    return { kind: "refused", reason: "PrivateOnly: This project only allows private channels" };
  }
  const topic = frame.topic.slice(topicPrefix.length);
  const token = frame.payload.access_token;
  const admission = await admit(topic, typeof token === "string" ? token : fallbackToken, ports);
  if (admission.kind === "refused") return admission;
  return { kind: "joined", channel: makeChannel(frame, topic, admission, ports, onClosed) };
}

async function admit(topic: string, token: string, ports: ChannelPorts): Promise<Admission> {
  const verdict = ports.judge(token);
  switch (verdict.kind) {
    case "expired":
      return { kind: "refused", reason: "InvalidJWTToken: Token has expired" };
    case "invalid":
      return { kind: "refused", reason: "MalformedJWT: The token provided is not a valid JWT" };
    case "valid": {
      const permission = await ports.permissions.check(topic, verdict.claims);
      if (permission.kind === "granted") {
        return { kind: "admitted", claims: verdict.claims, mayBroadcast: permission.mayBroadcast };
      }
      const words = "You do not have permissions to read from this Channel topic";
      return { kind: "refused", reason: `Unauthorized: ${words}: ${topic}` };
    }
  }
}

function makeChannel(
  joined: Frame,
  topic: string,
  admission: Extract<Admission, { kind: "admitted" }>,
  ports: ChannelPorts,
  onClosed: () => void,
): Channel {
  const state = { mayBroadcast: admission.mayBroadcast, timer: undefined as NodeJS.Timeout | undefined };
  const wishes = broadcastWishes(joined);
  const tell = (event: string, payload: Record<string, unknown>) =>
    ports.send({
      joinRef: event === "broadcast" ? null : joined.joinRef,
      ref: null,
      topic: joined.topic,
      event,
      payload,
    });
  const listener: Listener = {
    hear: (event, payload, id) => tell("broadcast", { type: "broadcast", event, payload, meta: { id } }),
  };
  const leaveHub = ports.hub.add(topic, listener);

  const close = () => {
    clearTimeout(state.timer);
    leaveHub();
    tell("phx_close", {});
    onClosed();
  };
  const shut = (message: string) => {
    tell("system", { extension: "system", status: "error", message, channel: topic });
    close();
  };
  const endWith = (claims: Claims) => {
    clearTimeout(state.timer);
    const leftMs = Math.min(claims.endsAtMs - ports.now(), longestTimerMs);
    state.timer = setTimeout(() => shut("Token has expired"), leftMs);
  };
  endWith(admission.claims);

  return {
    close,
    async renew(token) {
      const again = await admit(topic, token, ports);
      if (again.kind === "refused") return shut(again.reason);
      state.mayBroadcast = again.mayBroadcast;
      endWith(again.claims);
    },
    broadcast(frame) {
      const allowed = state.mayBroadcast && typeof frame.payload.event === "string";
      if (allowed) {
        const hearers = wishes.self ? undefined : listener;
        ports.hub.tell(topic, String(frame.payload.event), frame.payload.payload, randomUUID(), hearers);
      }
      if (allowed && !wishes.ack) return;
      const words = "You do not have permissions to write to this Channel topic";
      ports.send(reply(frame, allowed ? {} : { reason: `Unauthorized: ${words}: ${topic}` }, allowed));
    },
  };
}

function broadcastWishes(joined: Frame): { self: boolean; ack: boolean } {
  const config = joined.payload.config;
  const wishes = isRecord(config) && isRecord(config.broadcast) ? config.broadcast : {};
  return { self: wishes.self === true, ack: wishes.ack === true };
}

/** The answer to a frame that carries a `ref`. */
export function reply(frame: Frame, response: Record<string, unknown>, fine: boolean): Frame {
  const payload = { status: fine ? "ok" : "error", response };
  return { joinRef: frame.joinRef, ref: frame.ref, topic: frame.topic, event: "phx_reply", payload };
}
