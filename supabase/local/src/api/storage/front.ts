/**
 * `/storage/v1` as hosted Supabase Storage answers it, in front of `@supabase/lite`.
 *
 * What lite 0.10 lacks: `/object/authenticated/`, ranges, supabase-js's forms, and the names that supabase-js reads in
 * the answers about signed addresses. Row-level security on `storage.objects` is lite's, and holds.
 */
import type { Sql } from "postgres";
import { json, notHere, storageError } from "../http/answers.ts";
import type { Call } from "../http/serve.ts";
import { partOf } from "./range.ts";
import { largestObjectBytes, uploadOf } from "./upload.ts";

export type StoragePorts = {
  /** As a role that reads `storage.buckets`. */
  readonly sql: Sql;
  readonly forward: (request: Request) => Promise<Response>;
};

const prefix = "/storage/v1";
const absent = ["/s3", "/upload/resumable", "/render", "/iceberg", "/vector", "/cdn", "/object/list-v2"];

/** Answers one call to `/storage/v1`. */
export async function storageFront(ports: StoragePorts, { request, url }: Call): Promise<Response> {
  const path = url.pathname.slice(prefix.length).replace(/^\/object\/authenticated\//, "/object/");
  const missing = absent.find((one) => path === one || path.startsWith(`${one}/`));
  if (missing !== undefined) return notHere(`storage ${missing}`);
  const target = new URL(url);
  target.pathname = prefix + path;
  const moved = path === url.pathname.slice(prefix.length) ? request : new Request(target, request);
  if (isUpload(request.method, path)) return upload(ports, moved, path);
  if (request.method === "POST" && /^\/object\/sign\/[^/]+$/.test(path))
    return signMany(ports, moved, target);
  if (request.method === "POST" && /^\/object\/(upload\/)?sign\//.test(path)) {
    return signed(await ports.forward(moved));
  }
  const answer = await ports.forward(moved);
  return request.method === "GET" ? partOf(answer, request.headers.get("range")) : answer;
}

function isUpload(method: string, path: string): boolean {
  if (method === "PUT") return path.startsWith("/object/");
  return method === "POST" && /^\/object\/(?!list\/|move$|copy$|sign\/|upload\/)[^/]+\/.+/.test(path);
}

async function upload(ports: StoragePorts, request: Request, path: string): Promise<Response> {
  const bucket = decoded(/^\/object\/(?:upload\/sign\/)?([^/]+)/.exec(path)?.[1] ?? "");
  const [row] = await ports.sql<{ limit: string | number | null }[]>`
    select file_size_limit as limit from storage.buckets where id = ${bucket}`;
  const limit = Math.min(Number(row?.limit ?? largestObjectBytes), largestObjectBytes);
  const taken = await uploadOf(request, limit);
  switch (taken.kind) {
    case "too large":
      return tooLarge();
    case "no file":
      return storageError(400, "InvalidRequest", "Missing file in multipart upload");
    case "upload": {
      const answer = await ports.forward(taken.request);
      return taken.outgrown() ? tooLarge() : answer;
    }
  }
}

/** A name out of an address; what is badly encoded names no bucket. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return "";
  }
}

function tooLarge(): Response {
  return storageError(413, "Payload too large", "The object exceeded the maximum allowed size");
}

type SignedAnswer = { signedUrl?: string; token?: string };

/** A signed address, relative to the storage service as supabase-js expects it. */
async function signed(answer: Response): Promise<Response> {
  if (!answer.ok) return answer;
  const { signedUrl = "", ...rest } = (await answer.json()) as SignedAnswer;
  const relative = signedUrl.slice(prefix.length);
  return json(200, rest.token === undefined ? { signedURL: relative } : { ...rest, url: relative });
}

/** Several addresses at once, each signed or refused by itself; lite takes the list for an object without a name. */
async function signMany(ports: StoragePorts, request: Request, target: URL): Promise<Response> {
  const { paths = [], expiresIn } = (await request.json()) as { paths?: string[]; expiresIn?: number };
  const headers = new Headers(request.headers);
  headers.delete("content-length");
  const one = async (path: string) => {
    const url = `${target.href.replace(/\/$/, "")}/${path.split("/").map(encodeURIComponent).join("/")}`;
    const body = JSON.stringify({ expiresIn });
    const answer = await signed(await ports.forward(new Request(url, { method: "POST", headers, body })));
    if (answer.ok) return { path, error: null, ...((await answer.json()) as object) };
    await answer.body?.cancel();
    return {
      path,
      error: "Either the object does not exist or you do not have access to it",
      signedURL: null,
    };
  };
  return json(200, await Promise.all(paths.map(one)));
}
