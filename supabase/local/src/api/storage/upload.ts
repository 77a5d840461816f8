/**
 * Uploads, as they reach `@supabase/lite`: one plain stream that ends when it grows beyond the bucket's limit.
 *
 * What lite 0.10 lacks: it does not find the file of supabase-js's multipart form (its field has no name), and checks the
 * size only where the caller declares it.
 */

/** Hosted Supabase's limit on its free plan, and lite's default. */
export const largestObjectBytes = 50 * 1024 * 1024;
/** What a form may add around its file. */
const largestFormExtraBytes = 64 * 1024;

export type Upload =
  | { kind: "upload"; request: Request; outgrown: () => boolean }
  | { kind: "too large" }
  | { kind: "no file" };

/** The upload of a request, for a bucket of this limit. A stream passes through; a form is read whole. */
export async function uploadOf(request: Request, limitBytes: number): Promise<Upload> {
  const declared = Number(request.headers.get("content-length") ?? 0);
  const isForm = (request.headers.get("content-type") ?? "").startsWith("multipart/form-data");
  if (declared > limitBytes + (isForm ? largestFormExtraBytes : 0)) return { kind: "too large" };
  return isForm ? fileOf(request, limitBytes) : streamOf(request, request.body, limitBytes);
}

async function fileOf(request: Request, limitBytes: number): Promise<Upload> {
  const form = await request.formData().catch(() => null);
  if (form === null) return { kind: "no file" };
  const file = [...form.values()].find((value) => typeof value !== "string");
  if (file === undefined) return { kind: "no file" };
  if (file.size > limitBytes) return { kind: "too large" };
  const headers = new Headers(request.headers);
  headers.set("content-type", file.type === "" ? "application/octet-stream" : file.type);
  headers.set("content-length", String(file.size));
  const seconds = form.get("cacheControl");
  if (typeof seconds === "string" && /^\d+$/.test(seconds))
    headers.set("cache-control", `max-age=${seconds}`);
  return streamOf(new Request(request.url, { method: request.method, headers }), file.stream(), limitBytes);
}

function streamOf(request: Request, body: ReadableStream<Uint8Array> | null, limitBytes: number): Upload {
  let seen = 0;
  const counted = body?.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        seen += chunk.length;
        if (seen > limitBytes) controller.error(new Error("larger than the bucket allows"));
        else controller.enqueue(chunk);
      },
    }),
  );
  const limited = new Request(request.url, {
    method: request.method,
    headers: request.headers,
    body: counted ?? new Uint8Array(),
    duplex: "half",
  } as RequestInit);
  return { kind: "upload", request: limited, outgrown: () => seen > limitBytes };
}
