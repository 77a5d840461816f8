/**
 * Node's HTTP as web `Request` and `Response`, bodies streamed both ways.
 *
 * Only on loopback. The caller's address comes from the socket, never from a header.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream as NodeReadableStream } from "node:stream/web";

/** A request and who sent it. */
export type Call = { readonly request: Request; readonly url: URL; readonly peer: string };

/** A call as it came in. `dropRest` reads what nobody wanted, so that the sender gets to hear the answer. */
type Incoming = { readonly call: Call; dropRest(): void };

const bodiless = new Set(["GET", "HEAD"]);

/** The web request of a Node one. Throws `TypeError` for a target that is no address. */
export function callOf(incoming: IncomingMessage, origin: string): Incoming {
  const url = new URL(incoming.url ?? "/", origin);
  const method = incoming.method ?? "GET";
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(", ") : value);
  }
  const { body, dropRest } = bodyOf(incoming);
  const init = { method, headers, body: bodiless.has(method) ? null : body, duplex: "half" };
  const request = new Request(url, init as RequestInit);
  return { call: { request, url, peer: incoming.socket.remoteAddress ?? "" }, dropRest };
}

/** Node's own conversion destroys the connection, and the answer with it, when a body is not read to its end. */
function bodyOf(incoming: IncomingMessage): { body: ReadableStream<Uint8Array>; dropRest(): void } {
  let isWanted = true;
  const dropRest = () => {
    isWanted = false;
    incoming.resume();
  };
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      incoming.on("data", (chunk: Uint8Array) => {
        if (!isWanted) return;
        controller.enqueue(chunk);
        if ((controller.desiredSize ?? 0) <= 0) incoming.pause();
      });
      incoming.on("end", () => isWanted && controller.close());
      incoming.on("error", (cause) => isWanted && controller.error(cause));
      incoming.pause();
    },
    pull: () => void incoming.resume(),
    cancel: dropRest,
  });
  return { body, dropRest };
}

/** Writes a web response; a client that went away before or in between is not an error. */
export async function answer(response: Response, outgoing: ServerResponse): Promise<void> {
  if (outgoing.destroyed) {
    await response.body?.cancel();
    return;
  }
  outgoing.writeHead(response.status, [...response.headers].flat());
  if (response.body === null || outgoing.req.method === "HEAD") {
    await response.body?.cancel();
    outgoing.end();
    return;
  }
  try {
    await pipeline(Readable.fromWeb(response.body as NodeReadableStream), outgoing);
  } catch (cause) {
    if (!outgoing.destroyed) outgoing.destroy();
    if (!isGone(cause)) throw new Error("an answer broke off", { cause });
  }
}

function isGone(cause: unknown): boolean {
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  return code === "ERR_STREAM_PREMATURE_CLOSE" || code === "ECONNRESET" || code === "EPIPE";
}
