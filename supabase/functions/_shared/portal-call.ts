/**
 * The rim of the functions that the portal calls: cross-origin rules, method, size and JSON are judged here, once; whatever is
 * unexpected becomes a plain 500, and a log line without its message.
 */
import { describeError, type Log } from "./log.ts";

export interface PortalRim {
  readonly function: string;
  readonly portalOrigin: string;
  readonly log: Log;
}

/** A call whose body is a JSON object; its fields are still anything. */
export interface PortalCall {
  readonly request: Request;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Said back with status 400: the portal never sends such a thing, so the sentence is for who writes a client. */
export class MalformedCall extends Error {
  override readonly name = "MalformedCall";
}

/** The largest body: two secrets and a wrapped key have under 1 KB. */
const LARGEST_BODY_BYTES = 8_192;

/** Longer than the answer of a preflight is worth asking again, shorter than a change of the portal's address matters. */
const PREFLIGHT_SECONDS = "3600";

export function portalFunction(
  rim: PortalRim,
  handle: (call: PortalCall) => Promise<unknown>,
): (request: Request) => Promise<Response> {
  return async (request) => {
    if (request.method === "OPTIONS") return new Response(null, { status: 204, headers: headersOf(rim) });
    if (request.method !== "POST") return answer(rim, 405, { kind: "malformed", message: "Use POST." });
    try {
      return answer(rim, 200, await handle({ request, body: await bodyOf(request) }));
    } catch (error) {
      if (error instanceof MalformedCall) {
        return answer(rim, 400, { kind: "malformed", message: error.message });
      }
      if (error instanceof NotSignedIn) return answer(rim, 401, { kind: "signed-out" });
      rim.log({ function: rim.function, what: "failed", ...describeError(error) });
      return answer(rim, 500, { kind: "failed" });
    }
  };
}

/** The caller's token is missing, or its session is over. */
export class NotSignedIn extends Error {
  override readonly name = "NotSignedIn";
}

async function bodyOf(request: Request): Promise<Record<string, unknown>> {
  const text = await readAtMost(request, LARGEST_BODY_BYTES);
  const value = parseJson(text);
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new MalformedCall("The body must be a JSON object.");
  }
  return value as Record<string, unknown>;
}

async function readAtMost(request: Request, most: number): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for await (const chunk of request.body ?? []) {
    bytes += chunk.length;
    if (bytes > most) throw new MalformedCall(`The body must have at most ${most} bytes.`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function answer(rim: PortalRim, status: number, body: unknown): Response {
  const headers = { ...headersOf(rim), "content-type": "application/json", "cache-control": "no-store" };
  return new Response(JSON.stringify(body), { status, headers });
}

function headersOf(rim: PortalRim): Record<string, string> {
  return {
    "access-control-allow-origin": rim.portalOrigin,
    "access-control-allow-methods": "POST, OPTIONS",
    "access-control-allow-headers":
      "authorization, apikey, content-type, x-client-info, x-supabase-api-version",
    "access-control-max-age": PREFLIGHT_SECONDS,
    vary: "origin",
  };
}
