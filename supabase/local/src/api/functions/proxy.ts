/**
 * `/functions/v1/<name>` handed to the Deno process that serves that function, streamed both ways.
 *
 * As on hosted Supabase the function sees `/<name>…` as its path and answers preflights itself. The caller's address comes
 * from the socket, whatever a header says.
 */
import { type IncomingMessage, request, type ServerResponse } from "node:http";

const prefix = "/functions/v1/";
const ofOneHop = [
  "connection",
  "keep-alive",
  "transfer-encoding",
  "upgrade",
  "te",
  "trailer",
  "proxy-connection",
];

/** Whether a path belongs to the functions. */
export function isFunctionPath(target: string): boolean {
  return target.startsWith(prefix);
}

/** Passes the request on; 404 for a function that does not exist, 503 for one that is not up. */
export function proxyFunction(
  ports: Readonly<Record<string, number>>,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): void {
  const path = `/${(incoming.url ?? "").slice(prefix.length)}`;
  const name = /^\/([\w-]+)/.exec(path)?.[1] ?? "";
  const port = Object.hasOwn(ports, name) ? ports[name] : undefined;
  if (port === undefined) {
    refuse(outgoing, 404, "NOT_FOUND", "Requested function was not found");
    return;
  }
  const headers = { ...incoming.headers, "x-forwarded-for": incoming.socket.remoteAddress ?? "" };
  const onward = request(
    { host: "127.0.0.1", port, path, method: incoming.method, headers: withoutHop(headers) },
    (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, withoutHop(answer.headers));
      answer.pipe(outgoing);
      answer.on("error", () => outgoing.destroy());
    },
  );
  onward.on("error", () => {
    incoming.unpipe(onward);
    incoming.resume();
    if (outgoing.headersSent) outgoing.destroy();
    else refuse(outgoing, 503, "SUPABASE_EDGE_RUNTIME_SERVICE_DEGRADED", "The function is not up");
  });
  outgoing.on("close", () => onward.destroy());
  incoming.pipe(onward);
}

function withoutHop<T extends object>(headers: T): T {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !ofOneHop.includes(name))) as T;
}

function refuse(outgoing: ServerResponse, status: number, code: string, message: string): void {
  outgoing.writeHead(status, { "content-type": "application/json", "access-control-allow-origin": "*" });
  outgoing.end(JSON.stringify({ code, message }));
}
