/**
 * JSON answers, in the shapes that hosted Supabase's gateway and its services give for the same case.
 */

/** An answer with a JSON body. */
export function json(status: number, body: unknown, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { "content-type": "application/json; charset=utf-8", ...headers },
  });
}

/** What Supabase Auth answers when it refuses. */
export function authError(status: number, code: string, msg: string): Response {
  return json(status, { code: status, error_code: code, msg }, { "x-sb-error-code": code });
}

/** What Supabase Storage answers when it refuses: its own status is always 400, the real one stands inside. */
export function storageError(status: number, error: string, message: string): Response {
  return json(400, { statusCode: String(status), error, message });
}

/** For what hosted Supabase has and this stack does not, so that nobody takes it for an empty success. */
export function notHere(what: string): Response {
  const message = `${what}: not in the embedded stack, see supabase/local/README.md`;
  return json(501, { code: 501, error_code: "not_implemented", msg: message, message });
}
