/**
 * Parts of an object: `Range: bytes=…` (RFC 9110, section 14), one range only.
 *
 * What `@supabase/lite` 0.10 lacks: it says that it takes ranges and answers the whole.
 */

export type Range = { kind: "part"; from: number; to: number } | { kind: "whole" } | { kind: "outside" };

/** The part that a header asks of `size` bytes; both ends included. Several or odd ranges mean the whole. */
export function rangeOf(header: string | null, size: number): Range {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? "");
  const [, first = "", last = ""] = match ?? [];
  if (match === null || (first === "" && last === "")) return { kind: "whole" };
  const from = first === "" ? Math.max(0, size - Number(last)) : Number(first);
  const to = first === "" || last === "" ? size - 1 : Math.min(Number(last), size - 1);
  if (first !== "" && last !== "" && Number(last) < from) return { kind: "whole" };
  return from >= size || to < from ? { kind: "outside" } : { kind: "part", from, to };
}

/** The answer cut to what was asked: 206, 416, or as it was. */
export function partOf(answer: Response, header: string | null): Response {
  const length = answer.headers.get("content-length");
  if (answer.status !== 200 || header === null || length === null) return answer;
  const size = Number(length);
  const range = rangeOf(header, size);
  const headers = new Headers(answer.headers);
  switch (range.kind) {
    case "whole":
      return answer;
    case "outside":
      void answer.body?.cancel();
      headers.delete("content-length");
      headers.set("content-range", `bytes */${size}`);
      return new Response(null, { status: 416, headers });
    case "part":
      headers.set("content-range", `bytes ${range.from}-${range.to}/${size}`);
      headers.set("content-length", String(range.to - range.from + 1));
      return new Response(answer.body && cut(answer.body, range.from, range.to), { status: 206, headers });
  }
}

function cut(body: ReadableStream<Uint8Array>, from: number, to: number): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  let position = 0;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return controller.close();
        const start = position;
        position += value.length;
        if (position <= from) continue;
        controller.enqueue(value.subarray(Math.max(0, from - start), to + 1 - start));
        if (position > to) {
          controller.close();
          await reader.cancel();
        }
        return;
      }
    },
    cancel: (reason) => reader.cancel(reason),
  });
}
