/**
 * The portal's web server of the embedded stack: static files, the public configuration, and the state of all parts.
 *
 * Answers from the first moment: until the pages are there with "starting", so that `/healthz` can say what is missing.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { Encoding, Page, Pages } from "./pages.ts";
import { securityHeaders } from "./security-headers.ts";

export type PortalOptions = {
  readonly port: number;
  readonly apiUrl: string;
  /** The public configuration of `/config.json`. */
  readonly configuration: Readonly<Record<string, string>>;
  /** Parts that are not ready now, by name. */
  readonly missing: () => readonly string[];
};

export type Portal = {
  readonly url: string;
  show(pages: Pages): void;
  stop(): Promise<void>;
};

type Answer = {
  status: number;
  type: string;
  body: Buffer | string;
  headers: Readonly<Record<string, string>>;
};

/** Listens on loopback and resolves when it does. */
export async function startPortal(options: PortalOptions): Promise<Portal> {
  const shown: { pages: Pages | undefined } = { pages: undefined };
  const server = createServer((request, response) => {
    answer(request, shown.pages, options)
      .then((given) => send(request, response, given, options.apiUrl))
      .catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, "127.0.0.1", resolve);
  });
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : options.port;
  return {
    url: `http://localhost:${port}`,
    show(pages) {
      shown.pages = pages;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  request: IncomingMessage,
  pages: Pages | undefined,
  options: PortalOptions,
): Promise<Answer> {
  if (request.method !== "GET" && request.method !== "HEAD") {
    return plain(405, "Only GET and HEAD.\n", { allow: "GET, HEAD" });
  }
  const path = pathOf(request);
  if (path === "/healthz") return health(options.missing());
  if (path === "/config.json") return json(200, options.configuration);
  if (pages === undefined) return plain(503, "Sealpost is starting.\n", { "retry-after": "1" });
  const page = path === null ? undefined : pages.find(path === "/" ? "/index.html" : path);
  return page === undefined ? plain(404, "There is no such page.\n", {}) : servePage(request, page);
}

async function servePage(request: IncomingMessage, page: Page): Promise<Answer> {
  const encoding = chooseEncoding(request.headers["accept-encoding"]);
  const plainBody = await page.body("identity");
  const body = await page.body(encoding);
  const headers = {
    "cache-control": page.immutable ? "public, max-age=31536000, immutable" : "no-cache",
    etag: `W/"${page.etag}"`,
    vary: "accept-encoding",
    ...(body !== plainBody && { "content-encoding": encoding }),
  };
  if (request.headers["if-none-match"] === headers.etag)
    return { status: 304, type: page.type, body: "", headers };
  return { status: 200, type: page.type, body, headers };
}

function health(missing: readonly string[]): Answer {
  const ready = missing.length === 0;
  return json(ready ? 200 : 503, ready ? { ready } : { ready, missing });
}

function json(status: number, value: object): Answer {
  const headers = { "cache-control": "no-store" };
  return { status, type: "application/json; charset=utf-8", body: `${JSON.stringify(value)}\n`, headers };
}

function plain(status: number, body: string, headers: Readonly<Record<string, string>>): Answer {
  return {
    status,
    type: "text/plain; charset=utf-8",
    body,
    headers: { "cache-control": "no-store", ...headers },
  };
}

function send(request: IncomingMessage, response: ServerResponse, given: Answer, apiUrl: string): void {
  const body = Buffer.from(given.body);
  response.writeHead(given.status, {
    ...securityHeaders(pathOf(request) ?? "/", apiUrl),
    "content-type": given.type,
    "content-length": body.length,
    ...given.headers,
  });
  response.end(request.method === "HEAD" || given.status === 304 ? undefined : body);
}

function pathOf(request: IncomingMessage): string | null {
  return URL.parse(request.url ?? "/", "http://localhost")?.pathname ?? null;
}

function chooseEncoding(accepted: string | string[] | undefined): Encoding {
  const wishes = String(accepted ?? "")
    .split(",")
    .map((wish) => wish.trim().toLowerCase());
  const takes = (name: string) =>
    wishes.some((wish) => wish === name || (wish.startsWith(`${name};`) && !/q=0(\.0*)?$/.test(wish)));
  if (takes("br")) return "br";
  return takes("gzip") ? "gzip" : "identity";
}
