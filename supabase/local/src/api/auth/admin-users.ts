/**
 * `auth.admin`: users made, read, listed, changed, banned and deleted with the service role key.
 *
 * What `@supabase/lite` 0.10 lacks altogether. Soft deletion, invitations, links and factors are not here either.
 */
import postgres from "postgres";
import { authError, json, notHere } from "../http/answers.ts";
import { createUser, deleteUser, isTaken, updateUser } from "./admin-store.ts";
import type { AuthPorts } from "./ports.ts";
import { bearerOf, type Claims, readToken } from "./token.ts";
import { judgeChange, type UserChange, uuidShape } from "./user-change.ts";
import { readUser, readUsers, type UserRow, userJson } from "./user-row.ts";

const uniqueViolation = "23505";
const defaultPageSize = 50;
const largestPageSize = 1000;

/** Answers `/admin/…`; `path` is what follows `/auth/v1`. */
export async function adminUsers(
  ports: AuthPorts,
  request: Request,
  path: string,
  body: Claims,
): Promise<Response> {
  const refusal = refusalOf(ports, request);
  if (refusal !== null) return refusal;
  const [, , collection, id, ...rest] = path.split("/");
  if (collection !== "users" || rest.length > 0) return notHere(`auth.admin ${collection ?? ""}`);
  if (id === undefined || id === "") return onCollection(ports, request, body);
  if (!uuidShape.test(id)) return authError(404, "validation_failed", "user_id must be an UUID");
  return onUser(ports, request, id, body);
}

function refusalOf(ports: AuthPorts, request: Request): Response | null {
  const token = bearerOf(request);
  if (token === null)
    return authError(401, "no_authorization", "This endpoint requires a valid Bearer token");
  const claims = readToken(token, ports.jwtSecret, ports.now());
  if (claims === null) return authError(403, "bad_jwt", "invalid JWT: unable to parse or verify signature");
  return claims.role === "service_role" ? null : authError(403, "not_admin", "User not allowed");
}

async function onCollection(ports: AuthPorts, request: Request, body: Claims): Promise<Response> {
  if (request.method === "GET") return list(ports, new URL(request.url));
  if (request.method !== "POST") return notAllowed();
  return change(body, async (wanted) => {
    if (wanted.email === null)
      return authError(400, "validation_failed", "Cannot create a user without either an email or phone");
    if (await isTaken(ports.sql, wanted.email, null)) return taken();
    return answerUser(await createUser(ports.sql, wanted));
  });
}

async function onUser(ports: AuthPorts, request: Request, id: string, body: Claims): Promise<Response> {
  switch (request.method) {
    case "GET":
      return answerUser(await readUser(ports.sql, id));
    case "PUT":
      return change(body, async (wanted) => {
        if (wanted.email !== null && (await isTaken(ports.sql, wanted.email, id))) return taken();
        return answerUser(await updateUser(ports.sql, id, wanted));
      });
    case "DELETE":
      if (body.should_soft_delete === true) return notHere("soft deletion of users");
      return databaseErrors(async () =>
        (await deleteUser(ports.sql, id)) ? json(200, {}) : answerUser(null),
      );
    default:
      return notAllowed();
  }
}

async function change(body: Claims, act: (wanted: UserChange) => Promise<Response>): Promise<Response> {
  const verdict = judgeChange(body);
  switch (verdict.kind) {
    case "refused":
      return verdict.answer;
    case "fine":
      return databaseErrors(() => act(verdict.change));
  }
}

/** A trigger or constraint that refuses has undone the whole change; its words stay in the database's log. */
async function databaseErrors(act: () => Promise<Response>): Promise<Response> {
  try {
    return await act();
  } catch (cause) {
    if (!(cause instanceof postgres.PostgresError)) throw cause;
    if (cause.code === uniqueViolation && cause.constraint_name?.includes("email")) {
      return taken();
    }
    return authError(500, "unexpected_failure", "Database error saving user");
  }
}

async function list(ports: AuthPorts, url: URL): Promise<Response> {
  const page = positive(url.searchParams.get("page"), 1);
  const perPage = Math.min(positive(url.searchParams.get("per_page"), defaultPageSize), largestPageSize);
  const { users, total } = await readUsers(ports.sql, page, perPage);
  const last = Math.max(1, Math.ceil(total / perPage));
  const link = (to: number, rel: string) => `</admin/users?page=${to}&per_page=${perPage}>; rel="${rel}"`;
  const links = page < last ? [link(page + 1, "next"), link(last, "last")] : [link(last, "last")];
  return json(
    200,
    { users: users.map(userJson), aud: "authenticated" },
    { "x-total-count": String(total), link: links.join(", ") },
  );
}

function answerUser(user: UserRow | null): Response {
  return user === null ? authError(404, "user_not_found", "User not found") : json(200, userJson(user));
}

function taken(): Response {
  return authError(422, "email_exists", "A user with this email address has already been registered");
}

function notAllowed(): Response {
  return new Response(null, { status: 405, headers: { allow: "GET, POST, PUT, DELETE" } });
}

function positive(given: string | null, otherwise: number): number {
  const value = Number(given);
  return given !== null && given !== "" && Number.isSafeInteger(value) && value > 0 ? value : otherwise;
}
