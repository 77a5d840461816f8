/**
 * The built portal in memory: every file that may be served, by its path.
 *
 * A path that is not in the table does not exist, so that no request can reach any other file of this machine.
 */
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { extname, join, relative, sep } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

export type Encoding = "br" | "gzip" | "identity";

/** One file as it is served. */
export type Page = {
  readonly path: string;
  readonly type: string;
  readonly etag: string;
  /** Named by its content, so that it never changes. */
  readonly immutable: boolean;
  body(encoding: Encoding): Promise<Buffer>;
};

export type Pages = {
  /** The page for a request's path: a file, the app for one of its own addresses, or nothing. */
  find(path: string): Page | undefined;
};

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".webmanifest": "application/manifest+json; charset=utf-8",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".wasm": "application/wasm",
  ".woff2": "font/woff2",
};
const compressible = new Set([".html", ".js", ".css", ".json", ".webmanifest", ".svg", ".txt", ".wasm"]);
const worthCompressing = 1024; // below it, a compressed body is no smaller packet
const hashedName = /^\/assets\/.+-[\w-]{8,}\.\w+$/; // as Vite names them

const toBrotli = promisify(brotliCompress);
const toGzip = promisify(gzip);

/** Reads a built portal; `index.html` must be there. */
export async function readPages(folder: string): Promise<Pages> {
  const table = new Map<string, Page>();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || entry.name.startsWith(".")) continue;
    const file = join(entry.parentPath, entry.name);
    const path = `/${relative(folder, file).split(sep).join("/")}`;
    table.set(path, makePage(path, await readFile(file)));
  }
  const app = table.get("/index.html");
  if (app === undefined) throw new Error(`the portal in ${folder} has no index.html`);
  return { find: (path) => table.get(path) ?? (isAppAddress(path) ? app : undefined) };
}

/** Addresses such as /m/<id> belong to the app; a name with an ending is a file or nothing. */
function isAppAddress(path: string): boolean {
  return path.startsWith("/") && !path.startsWith("/assets/") && extname(path) === "";
}

function makePage(path: string, content: Buffer): Page {
  const ending = extname(path);
  const compress = compressible.has(ending) && content.length >= worthCompressing;
  const compressed = new Map<Encoding, Promise<Buffer>>();
  const compressOnce = (encoding: "br" | "gzip"): Promise<Buffer> => {
    const known = compressed.get(encoding) ?? compressAs(encoding, content);
    compressed.set(encoding, known);
    return known;
  };
  return {
    path,
    type: types[ending] ?? "application/octet-stream",
    etag: createHash("sha256").update(content).digest("base64url").slice(0, 22),
    immutable: hashedName.test(path),
    body: async (encoding) => (compress && encoding !== "identity" ? compressOnce(encoding) : content),
  };
}

function compressAs(encoding: "br" | "gzip", content: Buffer): Promise<Buffer> {
  if (encoding === "gzip") return toGzip(content);
  return toBrotli(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 6 } }); // 9 and up cost seconds at start
}
