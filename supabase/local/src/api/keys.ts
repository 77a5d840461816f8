/**
 * The gateway's door: which API key a request carries, and whether it needs one.
 *
 * `@supabase/lite` knows only the new opaque keys; hosted Supabase's JWT keys are checked here, as Kong does.
 */
import { timingSafeEqual } from "node:crypto";
import { json } from "./http/answers.ts";

export type ApiKeys = { readonly anonKey: string; readonly serviceRoleKey: string };

export type KeyVerdict = { kind: "anon" } | { kind: "service" } | { kind: "none" } | { kind: "wrong" };

/** Judges the key in the `apikey` header or query parameter. */
export function judgeKey(request: Request, url: URL, keys: ApiKeys): KeyVerdict {
  const given = request.headers.get("apikey") ?? url.searchParams.get("apikey");
  if (given === null || given === "") return { kind: "none" };
  if (same(given, keys.serviceRoleKey)) return { kind: "service" };
  return same(given, keys.anonKey) ? { kind: "anon" } : { kind: "wrong" };
}

/** The refusal for a path that needs a key, or null when the key is good. */
export function refusalOf(verdict: KeyVerdict): Response | null {
  switch (verdict.kind) {
    case "anon":
    case "service":
      return null;
    case "none":
      return json(401, {
        message: "No API key found in request",
        hint: "No `apikey` request header or url param was found.",
      });
    case "wrong":
      return json(401, {
        message: "Invalid API key",
        hint: "Double check your Supabase `anon` or `service_role` API key.",
      });
  }
}

/**
 * The request as the services see it: a caller without a token of their own speaks with their key, and the key itself
 * goes no further.
 */
export function withBearer(request: Request, url: URL, verdict: KeyVerdict, keys: ApiKeys): Request {
  const headers = new Headers(request.headers);
  headers.delete("apikey");
  if (!headers.has("authorization")) {
    if (verdict.kind === "anon") headers.set("authorization", `Bearer ${keys.anonKey}`);
    if (verdict.kind === "service") headers.set("authorization", `Bearer ${keys.serviceRoleKey}`);
  }
  const target = new URL(url);
  if (target.searchParams.has("apikey")) target.searchParams.delete("apikey"); // rewrites the whole query
  return new Request(target, {
    method: request.method,
    headers,
    body: request.body,
    duplex: "half",
  } as RequestInit);
}

function same(given: string, key: string): boolean {
  const a = Buffer.from(given);
  const b = Buffer.from(key);
  return a.length === b.length && timingSafeEqual(a, b);
}
