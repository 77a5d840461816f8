/**
 * Realtime, as far as Sealpost uses it: private channels that the database broadcasts on.
 *
 * Speaks the protocol of `realtime-js` and asks the same policies on `realtime.messages` as hosted Supabase does.
 * Has no Presence, no Postgres Changes, no replay and no public channels.
 */
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer } from "ws";
import type { Log } from "../log.ts";
import { listen } from "./announcements.ts";
import { limits, serveConnection } from "./connection.ts";
import { makeHub } from "./hub.ts";
import { makePermissions } from "./permission.ts";
import { judgeToken } from "./token.ts";

export type RealtimeOptions = {
  /** As a role that may write `realtime.messages`, become the API's roles, and read `auth.sessions`. */
  readonly databaseUrl: string;
  /** As any role: it only listens. */
  readonly listenUrl: string;
  readonly jwtSecret: string;
  /** The keys with which a socket may be opened. */
  readonly apikeys: readonly string[];
  readonly now: () => number;
  readonly log: Log;
};

export type Realtime = {
  onUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  stop(): Promise<void>;
};

const path = "/realtime/v1/websocket";
const goingAway = 1001;

/** Starts listening to the database; hand the upgrade requests of the API's port to `onUpgrade`. */
export async function makeRealtime(options: RealtimeOptions): Promise<Realtime> {
  const { jwtSecret, apikeys, now, log } = options;
  const hub = makeHub();
  const permissions = makePermissions(options.databaseUrl, () => log("lost a database connection"));
  const announced = await listen(options.listenUrl, (a) => hub.tell(a.topic, a.event, a.payload, a.id), log);
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: limits.frameBytes,
    perMessageDeflate: false,
  });
  const judge = (token: string) => judgeToken(token, jwtSecret, now());

  return {
    onUpgrade(request, socket, head) {
      const url = URL.parse(request.url ?? "/", "http://localhost");
      const apikey = url?.searchParams.get("apikey") ?? null;
      if (url?.pathname !== path) return refuse(socket, "404 Not Found");
      if (apikey === null || !apikeys.includes(apikey)) return refuse(socket, "401 Unauthorized");
      if (url.searchParams.get("vsn") !== "2.0.0") return refuse(socket, "400 Bad Request");
      sockets.handleUpgrade(request, socket, head, (client) =>
        serveConnection(client, apikey, { hub, permissions, judge, now, log }),
      );
    },
    async stop() {
      await announced.stop();
      for (const client of sockets.clients) {
        client.close(goingAway);
        client.terminate();
      }
      sockets.close();
      await permissions.close();
    },
  };
}

function refuse(socket: Duplex, status: string): void {
  socket.on("error", () => {});
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
