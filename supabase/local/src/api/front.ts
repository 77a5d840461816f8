/**
 * The one door of the embedded API: keys, cross-origin, and which service answers.
 *
 * A path outside `/auth/v1`, `/rest/v1` and `/storage/v1` is nobody's; `@supabase/lite` has more behind it.
 */
import { type AuthFront, makeAuthFront } from "./auth/front.ts";
import type { AuthPorts } from "./auth/ports.ts";
import { preflight, withCors } from "./cors.ts";
import { json, notHere } from "./http/answers.ts";
import type { Call } from "./http/serve.ts";
import { type ApiKeys, judgeKey, type KeyVerdict, refusalOf, withBearer } from "./keys.ts";
import { type StoragePorts, storageFront } from "./storage/front.ts";

export type FrontPorts = {
  readonly keys: ApiKeys;
  readonly auth: AuthPorts;
  readonly storage: StoragePorts;
  readonly forward: (request: Request) => Promise<Response>;
};

/** Answers every request but those to functions. */
export function makeFront(ports: FrontPorts): (call: Call) => Promise<Response> {
  const auth = makeAuthFront(ports.auth);
  return async (call) => preflight(call.request) ?? withCors(await serve(ports, auth, call));
}

async function serve(ports: FrontPorts, auth: AuthFront, call: Call): Promise<Response> {
  const verdict = judgeKey(call.request, call.url, ports.keys);
  const service = serviceOf(call.url.pathname);
  const refusal = service === "storage" ? null : refusalOf(verdict);
  switch (service) {
    case null:
      return json(404, { message: "no Route matched with those values" });
    case "realtime":
      return refusal ?? notHere("realtime over HTTP");
    case "auth":
      return refusal ?? auth(inside(ports, call, verdict), verdict.kind === "service");
    case "rest":
      return refusal ?? ports.forward(inside(ports, call, verdict).request);
    case "storage":
      return storageFront(ports.storage, inside(ports, call, verdict));
  }
}

function serviceOf(path: string): "auth" | "rest" | "storage" | "realtime" | null {
  const name = /^\/(auth|rest|storage|realtime)\/v1(?:\/|$)/.exec(path)?.[1];
  switch (name) {
    case "auth":
    case "rest":
    case "storage":
    case "realtime":
      return name;
    default:
      return null;
  }
}

function inside(ports: FrontPorts, call: Call, verdict: KeyVerdict): Call {
  const request = withBearer(call.request, call.url, verdict, ports.keys);
  return { request, url: new URL(request.url), peer: call.peer };
}
