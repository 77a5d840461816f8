import fc from "fast-check";
import { expect, test } from "vitest";
import { partOf, rangeOf } from "./range.ts";

const object = (bytes: Uint8Array<ArrayBuffer>, chunk = 3) => {
  const chunks = Array.from({ length: Math.ceil(bytes.length / chunk) }, (_, i) =>
    bytes.slice(i * chunk, (i + 1) * chunk),
  );
  return new Response(new Blob(chunks).stream(), { headers: { "content-length": String(bytes.length) } });
};
const letters = new TextEncoder().encode("abcdefghij");

test("a middle part comes as 206 with its place", async () => {
  const answer = partOf(object(letters), "bytes=2-5");

  expect(answer.status).toBe(206);
  expect(answer.headers.get("content-range")).toBe("bytes 2-5/10");
  expect(answer.headers.get("content-length")).toBe("4");
  expect(await answer.text()).toBe("cdef");
});

test("the last bytes and an open end are understood", async () => {
  expect(await partOf(object(letters), "bytes=-3").text()).toBe("hij");
  expect(await partOf(object(letters), "bytes=8-").text()).toBe("ij");
  expect(await partOf(object(letters), "bytes=8-99").text()).toBe("ij");
});

test("a part beyond the end is refused with the size", () => {
  const answer = partOf(object(letters), "bytes=10-12");

  expect(answer.status).toBe(416);
  expect(answer.headers.get("content-range")).toBe("bytes */10");
});

test("several ranges, other units and nonsense get the whole", async () => {
  for (const header of ["bytes=0-1,3-4", "lines=1-2", "bytes=5-2", "bytes=-", "nonsense"]) {
    const answer = partOf(object(letters), header);
    expect(answer.status).toBe(200);
    expect(await answer.text()).toBe("abcdefghij");
  }
});

test("an error passes as it is", () => {
  const error = new Response("{}", { status: 400, headers: { "content-length": "2" } });

  expect(partOf(error, "bytes=0-0").status).toBe(400);
});

test("every range within an object is exactly that part of it", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ minLength: 1, maxLength: 50 }),
      fc.nat(60),
      fc.nat(60),
      fc.integer({ min: 1, max: 20 }),
      async (random, a, b, chunk) => {
        const bytes = new Uint8Array(random);
        const range = rangeOf(`bytes=${a}-${b}`, bytes.length);
        const answer = partOf(object(bytes, chunk), `bytes=${a}-${b}`);

        const got = new Uint8Array(await answer.arrayBuffer());

        if (range.kind === "part") expect(got).toEqual(bytes.slice(a, b + 1));
        else expect(answer.status).toBe(range.kind === "outside" ? 416 : 200);
      },
    ),
  );
});
