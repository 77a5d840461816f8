/**
 * The security headers of the portal: the one place where they are written.
 *
 * Whatever serves the portal sends these. Scripts and styles come from the portal's own files only; WebAssembly is
 * allowed for Argon2id; connections go to the API alone. The frames that show messages have a policy of their own, in
 * which nothing can run.
 */

export type Headers = Readonly<Record<string, string>>;

/** The message frames, each with the images that it may show. */
const frames: Readonly<Record<string, string>> = {
  "/frame.html": "data: blob:",
  "/frame-remote.html": "data: blob: https:", // shown only after the reader asked for remote images
};

/** Headers of every answer of the portal; `apiUrl` is where the app may connect to. */
export function securityHeaders(path: string, apiUrl: string): Headers {
  const images = frames[path];
  return {
    "content-security-policy": images === undefined ? appPolicy(apiUrl) : framePolicy(images),
    "x-frame-options": images === undefined ? "DENY" : "SAMEORIGIN", // for browsers without frame-ancestors
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy":
      "camera=(), display-capture=(), geolocation=(), microphone=(), midi=(), payment=(), serial=(), usb=()",
  };
}

function appPolicy(apiUrl: string): string {
  const api = new URL(apiUrl);
  const socket = `${api.protocol === "https:" ? "wss" : "ws"}://${api.host}`;
  return policy({
    "default-src": "'none'",
    "script-src": "'self' 'wasm-unsafe-eval'",
    "style-src": "'self'",
    "img-src": "'self' data: blob:",
    "font-src": "'self'",
    "connect-src": `'self' ${api.origin} ${socket}`,
    "frame-src": "'self' blob:",
    "worker-src": "'self'",
    "manifest-src": "'self'",
    "form-action": "'none'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
  });
}

function framePolicy(images: string): string {
  return policy({
    "default-src": "'none'",
    "style-src": "'unsafe-inline'", // mails bring their styles inline; without scripts they can do no harm
    "img-src": images,
    "form-action": "'none'",
    "base-uri": "'none'",
    "frame-ancestors": "'self'",
  });
}

function policy(directives: Headers): string {
  return Object.entries(directives)
    .map(([name, value]) => `${name} ${value}`)
    .join("; ");
}
