/**
 * `/auth/v1` as hosted Supabase Auth answers it, in front of `@supabase/lite`.
 *
 * A path that is not named here is not here: lite sees only what was looked at.
 */
import { authError, notHere } from "../http/answers.ts";
import type { Call } from "../http/serve.ts";
import { adminUsers } from "./admin-users.ts";
import { mended } from "./mended.ts";
import { changeOwnUser, readOwnUser } from "./own-user.ts";
import type { AuthPorts } from "./ports.ts";
import { callerOf, makeRateLimit } from "./rate-limit.ts";
import { refresh } from "./refresh.ts";
import { finishSignIn } from "./sign-in.ts";
import type { Claims } from "./token.ts";

export type AuthFront = (call: Call, isService: boolean) => Promise<Response>;

const prefix = "/auth/v1";
const limited = new Set(["/token", "/verify", "/otp", "/magiclink", "/recover", "/resend", "/signup"]);
const passedOn = new Set([
  "GET /settings",
  "GET /health",
  "GET /.well-known/jwks.json",
  "GET /reauthenticate",
  "POST /logout",
  "POST /recover",
  "POST /resend",
]);
const largestBodyBytes = 1024 * 1024;

type Asked = { request: Request; url: URL; path: string; body: Claims };

/** The front; one limit for all its callers. */
export function makeAuthFront(ports: AuthPorts): AuthFront {
  const limit = makeRateLimit(ports.now);
  return async ({ request, url, peer }, isService) => {
    const path = url.pathname.slice(prefix.length);
    if (limited.has(path)) {
      const refusal = limit.refusalOf(callerOf(request, peer, isService));
      if (refusal !== null) return refusal;
    }
    const body = await bodyOf(request);
    if (body === null) return authError(400, "bad_json", "Could not parse request body as JSON");
    return route(ports, { request, url, path, body });
  };
}

async function route(ports: AuthPorts, asked: Asked): Promise<Response> {
  const { request, path, body } = asked;
  if (path.startsWith("/admin/")) return adminUsers(ports, request, path, body);
  const passOn = (changed: Claims = body) => ports.forward(withBody(request, changed));
  switch (`${request.method} ${path}`) {
    case "POST /token":
      return token(ports, asked, passOn);
    case "POST /verify":
      if (isPhone(body)) return phoneOff();
      return finishSignIn(ports, request, await passOn({ ...body, type: litesType(body.type) }), "otp");
    case "POST /signup":
      return signUp(body);
    case "POST /otp":
      return isPhone(body) ? phoneOff() : mended(await passOn({ ...body, create_user: false }));
    case "POST /magiclink":
      return mended(await passOn());
    case "GET /user":
      return readOwnUser(ports, request);
    case "PUT /user":
      return changeOwnUser(ports, request, body, passOn);
    default:
      return passedOn.has(`${request.method} ${path}`) ? mended(await passOn()) : notHere(`auth ${path}`);
  }
}

async function token(ports: AuthPorts, asked: Asked, passOn: () => Promise<Response>): Promise<Response> {
  const grant = asked.url.searchParams.get("grant_type");
  switch (grant) {
    case "password":
      if (isPhone(asked.body)) return phoneOff();
      return finishSignIn(ports, asked.request, await passOn(), "password");
    case "refresh_token":
      return refresh(ports, asked.body.refresh_token);
    case "pkce":
    case "id_token":
    case "web3":
      return notHere(`grant type ${grant}`);
    default:
      return authError(400, "invalid_credentials", "unsupported_grant_type");
  }
}

/** Sign-up is shut; without an address it would have been an anonymous one, which is off. */
function signUp(body: Claims): Response {
  if (isPhone(body)) return phoneOff();
  return body.email === undefined || body.email === ""
    ? authError(422, "anonymous_provider_disabled", "Anonymous sign-ins are disabled")
    : authError(422, "signup_disabled", "Signups not allowed for this instance");
}

function phoneOff(): Response {
  return authError(400, "phone_provider_disabled", "Unsupported phone provider");
}

function isPhone(body: Claims): boolean {
  return typeof body.phone === "string" && body.phone !== "";
}

/** Lite looks for a code of type `email` nowhere; under `magiclink` it looks where hosted looks for `email`. */
function litesType(type: unknown): unknown {
  return type === "email" ? "magiclink" : type;
}

/** The body as an object; empty for none, null for what is no JSON object or too large. */
async function bodyOf(request: Request): Promise<Claims | null> {
  if (Number(request.headers.get("content-length") ?? 0) > largestBodyBytes) return null;
  const text = request.body === null ? "" : await request.text();
  if (text.trim() === "") return {};
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Claims) : null;
  } catch {
    return null;
  }
}

function withBody(request: Request, body: Claims): Request {
  const headers = new Headers(request.headers);
  headers.delete("content-length");
  headers.delete("transfer-encoding");
  const hasBody = request.method !== "GET" && request.method !== "HEAD";
  return new Request(request.url, {
    method: request.method,
    headers,
    body: hasBody ? JSON.stringify(body) : null,
  });
}
