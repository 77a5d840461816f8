import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { makeFolderStore, type ObjectStore } from "./folder-store.ts";

let folder: string;
let store: ObjectStore;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "objects-"));
  store = makeFolderStore(path.join(folder, "objects"));
});

afterEach(() => rm(folder, { recursive: true }));

const bytesOf = async (bucket: string, name: string) => {
  const { body } = await store.getObject(bucket, name, undefined);
  return new Uint8Array(await new Response(body as ReadableStream).arrayBuffer());
};

const put = (name: string, body: Uint8Array | ReadableStream) =>
  store.uploadObject("letters", name, undefined, body as Uint8Array, "text/plain", "no-cache");

test("what was put in comes out, with its type and size", async () => {
  await put("a", new Uint8Array([1, 2, 3]));

  expect(await bytesOf("letters", "a")).toEqual(new Uint8Array([1, 2, 3]));
  expect(await store.headObject("letters", "a", undefined)).toMatchObject({
    size: 3,
    mimetype: "text/plain",
  });
});

test("a stream is stored whole", async () => {
  await put("a", new Blob([new Uint8Array(300_000).fill(7)]).stream());

  expect(await bytesOf("letters", "a")).toHaveLength(300_000);
});

test("a name that climbs out of the folder stays inside", async () => {
  await put("../../../escaped", new Uint8Array([1]));

  expect(await readdir(folder)).toEqual(["objects"]);
  expect(await bytesOf("letters", "../../../escaped")).toEqual(new Uint8Array([1]));
});

test("the same name in another bucket is another object", async () => {
  await put("a", new Uint8Array([1]));

  await expect(store.headObject("parcels", "a", undefined)).rejects.toThrow();
});

test("an upload that breaks off leaves the old object and no trace", async () => {
  await put("a", new Uint8Array([1]));
  const broken = new ReadableStream({
    start: (to) => to.enqueue(new Uint8Array([9, 9])),
    pull: (to) => to.error(new Error("gone")),
  });

  await expect(put("a", broken)).rejects.toThrow("gone");

  expect(await bytesOf("letters", "a")).toEqual(new Uint8Array([1]));
  const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((f) => f.isFile());
  expect(files).toHaveLength(2);
});

test("neither bucket nor name of an object is written anywhere", async () => {
  await put("secret-name", new Uint8Array([1]));

  for (const file of await readdir(folder, { recursive: true, withFileTypes: true })) {
    expect(file.name).not.toContain("secret-name");
    if (file.isFile())
      expect(await readFile(path.join(file.parentPath, file.name), "utf8")).not.toContain("secret-name");
  }
});

test("what was removed is gone, and removing it again is no error", async () => {
  await put("a", new Uint8Array([1]));

  await store.deleteObject("letters", "a", undefined);
  await store.deleteObject("letters", "a", undefined);

  await expect(store.headObject("letters", "a", undefined)).rejects.toThrow();
});
