/**
 * Storage objects as files in one folder, for `@supabase/lite`'s storage.
 *
 * File names are hashes of bucket and object name: nothing a caller sends becomes a path. An upload is answered only when
 * its bytes are on the disk; a broken one leaves nothing behind. Who may do what was decided before this is asked.
 */
import { createHash, randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { copyFile, mkdir, open, readFile, rename, rm, stat } from "node:fs/promises";
import path from "node:path";
import { Readable } from "node:stream";
import type { ReadableStream as NodeReadableStream } from "node:stream/web";
import type { App } from "@supabase/lite";

/** What lite asks of a store. */
export type ObjectStore = NonNullable<App["_storageAdapter"]>;
type Metadata = Awaited<ReturnType<ObjectStore["headObject"]>>;
type Body = Parameters<ObjectStore["uploadObject"]>[3];
type Label = { mimetype: string; cacheControl: string; eTag: string };

/** A store in `folder`, which is made when missing. */
export function makeFolderStore(folder: string): ObjectStore {
  const fileOf = (bucket: string, name: string) => {
    const hash = createHash("sha256")
      .update(JSON.stringify([bucket, name]))
      .digest("hex");
    return path.join(folder, hash.slice(0, 2), hash.slice(2));
  };
  const remove = async (bucket: string, name: string) => {
    const file = fileOf(bucket, name);
    await rm(file, { force: true });
    await rm(labelFile(file), { force: true });
  };
  return {
    driver: null,
    async uploadObject(bucket, name, _version, body, mimetype, cacheControl) {
      const file = fileOf(bucket, name);
      const eTag = await write(file, body);
      await writeLabel(file, { mimetype, cacheControl, eTag });
      return describe(file);
    },
    async getObject(bucket, name) {
      const file = fileOf(bucket, name);
      const metadata = await describe(file);
      const body = Readable.toWeb(createReadStream(file)) as NodeReadableStream & ReadableStream;
      return { metadata, httpStatusCode: 200, body };
    },
    headObject: (bucket, name) => describe(fileOf(bucket, name)),
    deleteObject: (bucket, name) => remove(bucket, name),
    async deleteObjects(bucket, names) {
      for (const name of names) await remove(bucket, name);
    },
    async copyObject(bucket, name, _version, toBucket, toName) {
      const to = fileOf(toBucket, toName);
      const from = fileOf(bucket, name);
      await mkdir(path.dirname(to), { recursive: true });
      await copyFile(from, to);
      await copyFile(labelFile(from), labelFile(to));
      const { eTag, lastModified } = await describe(to);
      return { httpStatusCode: 200, eTag, ...(lastModified === undefined ? {} : { lastModified }) };
    },
    privateAssetUrl: () => Promise.reject(new Error("objects in a folder have no address of their own")),
  };
}

/** Writes beside the file, flushes, and only then takes its place; returns the entity tag. */
async function write(file: string, body: Body): Promise<string> {
  await mkdir(path.dirname(file), { recursive: true });
  const unfinished = `${file}.${randomUUID()}`;
  const hash = createHash("md5");
  const handle = await open(unfinished, "wx", 0o600);
  try {
    for await (const chunk of chunksOf(body)) {
      hash.update(chunk);
      await handle.write(chunk);
    }
    await handle.sync();
    await handle.close();
    await rename(unfinished, file);
    await flushFolder(path.dirname(file));
  } catch (cause) {
    await handle.close().catch(() => undefined);
    await rm(unfinished, { force: true });
    throw cause;
  }
  return `"${hash.digest("hex")}"`;
}

async function writeLabel(file: string, label: Label): Promise<void> {
  await write(labelFile(file), new TextEncoder().encode(JSON.stringify(label)));
}

async function describe(file: string): Promise<Metadata> {
  const { size, mtime } = await stat(file);
  const label = JSON.parse(await readFile(labelFile(file), "utf8")) as Label;
  return { ...label, size, contentLength: size, lastModified: mtime, httpStatusCode: 200 };
}

function labelFile(file: string): string {
  return `${file}.label`;
}

async function* chunksOf(body: Body): AsyncGenerator<Uint8Array> {
  if (body instanceof Uint8Array) {
    yield body;
    return;
  }
  for await (const chunk of body as AsyncIterable<Uint8Array>) yield chunk;
}

async function flushFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
