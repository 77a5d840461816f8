/**
 * The embedded Supabase API on one loopback port: `/auth/v1`, `/rest/v1`, `/storage/v1`, `/functions/v1` and the upgrade
 * to `/realtime/v1/websocket`. For development and tests; production is hosted or self-hosted Supabase.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import postgres from "postgres";
import type { Log } from "../log.ts";
import { makeFront } from "./front.ts";
import { isFunctionPath, proxyFunction } from "./functions/proxy.ts";
import { json } from "./http/answers.ts";
import { answer, callOf } from "./http/serve.ts";
import { type Lite, type LiteOptions, makeLite } from "./lite.ts";
import { refreshOnNotice } from "./rest/schema-cache.ts";

export type ApiOptions = LiteOptions & {
  /** 0 takes a free one. */
  readonly port: number;
  /** As a role that is or may become `supabase_auth_admin`. */
  readonly adminDatabaseUrl: string;
  readonly anonKey: string;
  readonly serviceRoleKey: string;
  /** The port of each edge function, by its name. */
  readonly functionPorts: Readonly<Record<string, number>>;
  readonly onRealtimeUpgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
  readonly log: Log;
};

export type Api = { readonly url: string; stop(): Promise<void> };

const host = "127.0.0.1";
/** How long a query may go on after the end, in seconds; a connection that is being made anew would wait for ever. */
const goodbye = { timeout: 1 } as const;

/** Starts the API and says where it is. Throws when the port is taken or the database away. */
export async function startApi(options: ApiOptions): Promise<Api> {
  const admin = postgres(options.adminDatabaseUrl, {
    max: 4,
    connection: { role: "supabase_auth_admin", TimeZone: "UTC" },
    types: { timestamptz: { to: 1184, from: [1184], serialize: (value: unknown) => value, parse: zulu } },
    onnotice: () => undefined,
  });
  const { app, connection } = await makeLite(options);
  const server = createServer();
  const upgraded = trackUpgraded(server);
  try {
    await refreshOnNotice(admin, connection);
    const url = `http://${host}:${await listen(server, options.port)}`;
    serve(server, url, options, makeFront(portsOf(url, options, admin, app, connection)));
    return {
      url,
      async stop() {
        await close(server, upgraded);
        await Promise.all([admin.end(goodbye), connection.driver.end(goodbye)]);
      },
    };
  } catch (cause) {
    await Promise.all([admin.end(goodbye), connection.driver.end(goodbye)]);
    throw cause;
  }
}

function portsOf(
  url: string,
  options: ApiOptions,
  admin: postgres.Sql,
  app: Lite["app"],
  connection: Lite["connection"],
) {
  const forward = (request: Request) => app.fetch(request);
  return {
    keys: options,
    forward,
    storage: { sql: connection.driver, forward },
    auth: {
      sql: admin,
      jwtSecret: options.jwtSecret,
      issuer: `${url}/auth/v1`,
      now: Date.now,
      forward,
    },
  };
}

function serve(server: Server, url: string, options: ApiOptions, front: ReturnType<typeof makeFront>): void {
  server.on("request", (incoming, outgoing) => {
    if (isFunctionPath(incoming.url ?? "")) return proxyFunction(options.functionPorts, incoming, outgoing);
    serveOne(incoming, outgoing, url, front).catch((cause: unknown) => {
      options.log(`could not answer (${cause instanceof Error ? cause.name : "unknown"})`);
      if (outgoing.headersSent) outgoing.destroy();
      else
        void answer(json(500, { message: "An unexpected error occurred" }), outgoing).catch(() =>
          outgoing.destroy(),
        );
    });
  });
  server.on("upgrade", options.onRealtimeUpgrade);
}

async function serveOne(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  url: string,
  front: ReturnType<typeof makeFront>,
): Promise<void> {
  const { call, dropRest } = callOf(incoming, url);
  const response = await front(call).finally(dropRest);
  await answer(response, outgoing);
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

/** Remembers upgraded connections, which the server does not close by itself. */
function trackUpgraded(server: Server): Set<Duplex> {
  const upgraded = new Set<Duplex>();
  server.on("upgrade", (_request, socket) => {
    upgraded.add(socket);
    socket.once("close", () => upgraded.delete(socket));
  });
  return upgraded;
}

function close(server: Server, upgraded: Set<Duplex>): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
    for (const socket of upgraded) socket.destroy();
  });
}

/** A time of the database as Supabase Auth writes it: `2026-11-24T10:42:00.123456Z`. */
function zulu(text: string): string {
  return text.replace(" ", "T").replace(/\+00$/, "Z");
}
