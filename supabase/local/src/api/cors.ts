/**
 * Cross-origin answers, as hosted Supabase's gateway gives them: any origin, no credentials, paging headers readable.
 */

const methods = "GET,HEAD,PUT,PATCH,POST,DELETE,OPTIONS";
const exposed = [
  "content-range",
  "content-location",
  "content-length",
  "preference-applied",
  "accept-ranges",
  "etag",
  "link",
  "x-total-count",
  "x-sb-error-code",
  "x-supabase-api-version",
].join(", ");
const oneHourSeconds = "3600";

/** The answer to a preflight, or null when the request is none. */
export function preflight(request: Request): Response | null {
  if (request.method !== "OPTIONS" || !request.headers.has("access-control-request-method")) return null;
  return new Response(null, {
    status: 200,
    headers: {
      "access-control-allow-origin": "*",
      "access-control-allow-methods": methods,
      "access-control-allow-headers": request.headers.get("access-control-request-headers") ?? "*",
      "access-control-max-age": oneHourSeconds,
    },
  });
}

/** The same response, readable from another origin. */
export function withCors(response: Response): Response {
  const headers = new Headers(response.headers);
  headers.set("access-control-allow-origin", "*");
  headers.set("access-control-expose-headers", exposed);
  headers.delete("access-control-allow-credentials");
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers });
}
