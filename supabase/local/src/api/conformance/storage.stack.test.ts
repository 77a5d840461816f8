/** Objects over `/storage/v1`, by supabase-js, with the policies on `storage.objects`. */
import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Person, type TemporaryApi, temporaryApi } from "./temporary-api.ts";

let api: TemporaryApi;
let ann: Person;
let eve: Person;

beforeAll(async () => {
  api = await temporaryApi();
  await api.sql.unsafe(`
    create policy "own folder: read" on storage.objects for select to authenticated
      using (bucket_id = 'parcels' and (storage.foldername(name))[1] = (select auth.uid())::text);
    create policy "own folder: put" on storage.objects for insert to authenticated
      with check (bucket_id = 'parcels' and (storage.foldername(name))[1] = (select auth.uid())::text);
    create policy "own folder: change" on storage.objects for update to authenticated
      using (bucket_id = 'parcels' and (storage.foldername(name))[1] = (select auth.uid())::text);
    create policy "own folder: take away" on storage.objects for delete to authenticated
      using (bucket_id = 'parcels' and (storage.foldername(name))[1] = (select auth.uid())::text);`);
  const { error } = await api.service().storage.createBucket("parcels", { public: false });
  if (error !== null) throw error;
  await api.service().storage.createBucket("small", { public: false, fileSizeLimit: 1000 });
  ann = await api.person("ann");
  eve = await api.person("eve");
});

afterAll(() => api.stop());

const parcels = (person: Person) => person.client.storage.from("parcels");
const putFor = async (person: Person, bytes: Uint8Array<ArrayBuffer>) => {
  const path = `${person.id}/${randomBytes(8).toString("hex")}`;
  const { error } = await parcels(person).upload(path, bytes, { contentType: "application/octet-stream" });
  if (error !== null) throw error;
  return path;
};
const bytesOf = async (blob: Blob | null) => new Uint8Array((await blob?.arrayBuffer()) ?? []);

test("Ann puts bytes and a Blob, and gets them back with their type", async () => {
  const bytes = new Uint8Array(randomBytes(100_000));
  const path = await putFor(ann, bytes);
  const blobPath = `${ann.id}/blob`;
  const put = await parcels(ann).upload(blobPath, new Blob(["hello"], { type: "text/plain" }));

  const got = await parcels(ann).download(path);
  const text = await parcels(ann).download(blobPath);

  expect(put.data).toMatchObject({ path: blobPath, fullPath: `parcels/${blobPath}`, id: expect.any(String) });
  expect(await bytesOf(got.data)).toEqual(bytes);
  expect(await text.data?.text()).toBe("hello");
  expect(text.data?.type).toBe("text/plain");
});

test("26 MB pass as a stream of unknown length", async () => {
  const chunk = new Uint8Array(randomBytes(1024 * 1024));
  const path = `${ann.id}/large`;
  const stream = new ReadableStream({
    start(to) {
      for (let i = 0; i < 26; i += 1) to.enqueue(chunk);
      to.close();
    },
  });

  const { error } = await parcels(ann).upload(path, stream, {
    duplex: "half",
    contentType: "application/octet-stream",
  });
  const got = await bytesOf((await parcels(ann).download(path)).data);

  expect(error).toBeNull();
  expect(got).toHaveLength(26 * chunk.length);
  expect(got.subarray(25 * chunk.length)).toEqual(chunk);
});

test("Eve neither reads, signs, lists, replaces nor removes what is Ann's", async () => {
  const path = await putFor(ann, new Uint8Array([1, 2, 3]));

  const read = await parcels(eve).download(path);
  const signed = await parcels(eve).createSignedUrl(path, 60);
  const listed = await parcels(eve).list(ann.id);
  const replaced = await parcels(eve).upload(path, new Uint8Array([9]), { upsert: true });
  const updated = await parcels(eve).update(path, new Uint8Array([9]));
  const removed = await parcels(eve).remove([path]);
  const planted = await parcels(eve).upload(`${ann.id}/planted`, new Uint8Array([9]));

  expect(read.data).toBeNull();
  expect(signed.error).not.toBeNull();
  expect(listed.data).toEqual([]);
  for (const { error } of [replaced, updated, planted]) expect(error?.message).toMatch(/row-level security/);
  expect(removed.data).toEqual([]);
  expect(await bytesOf((await parcels(ann).download(path)).data)).toEqual(new Uint8Array([1, 2, 3]));
});

test("nobody without a session reads a private bucket", async () => {
  const path = await putFor(ann, new Uint8Array([1]));

  expect((await api.anon().storage.from("parcels").download(path)).data).toBeNull();
});

test("the same path a second time is a conflict, unless it may replace", async () => {
  const path = await putFor(ann, new Uint8Array([1]));

  const again = await parcels(ann).upload(path, new Uint8Array([2]));
  const replaced = await parcels(ann).upload(path, new Uint8Array([3]), { upsert: true });

  expect(again.error).toMatchObject({ message: "The resource already exists", statusCode: "409" });
  expect(replaced.error).toBeNull();
  expect(await bytesOf((await parcels(ann).download(path)).data)).toEqual(new Uint8Array([3]));
});

test("a part of an object comes as 206, one beyond its end as 416", async () => {
  const path = await putFor(ann, new TextEncoder().encode("abcdefghij") as Uint8Array<ArrayBuffer>);
  const { data } = await ann.client.auth.getSession();
  const get = (range: string) =>
    fetch(`${api.url}/storage/v1/object/authenticated/parcels/${path}`, {
      headers: { apikey: api.anonKey, authorization: `Bearer ${data.session?.access_token}`, range },
    });

  const part = await get("bytes=2-4");
  const beyond = await get("bytes=10-");

  expect([part.status, part.headers.get("content-range"), await part.text()]).toEqual([
    206,
    "bytes 2-4/10",
    "cde",
  ]);
  expect(beyond.status).toBe(416);
});

test("a signed address opens one object for whoever holds it, and no other", async () => {
  const path = await putFor(ann, new Uint8Array([7]));
  const other = await putFor(ann, new Uint8Array([8]));

  const { data } = await parcels(ann).createSignedUrl(path, 60);
  const several = await parcels(ann).createSignedUrls([path, other], 60);
  const opened = await fetch(data?.signedUrl ?? "");
  const elsewhere = await fetch((data?.signedUrl ?? "").replace(path, other));

  expect(new Uint8Array(await opened.arrayBuffer())).toEqual(new Uint8Array([7]));
  expect(elsewhere.ok).toBe(false);
  await elsewhere.body?.cancel();
  expect(several.data?.map(({ error }) => error)).toEqual([null, null]);
});

test("a signed upload puts one object", async () => {
  const path = `${ann.id}/signed-upload`;
  const { data } = await parcels(ann).createSignedUploadUrl(path);

  const { error } = await api
    .anon()
    .storage.from("parcels")
    .uploadToSignedUrl(path, data?.token ?? "", new Blob(["x"]));

  expect(error).toBeNull();
  expect(await (await parcels(ann).download(path)).data?.text()).toBe("x");
});

test("what was removed is gone from the list and from the folder", async () => {
  const path = await putFor(ann, new Uint8Array([1]));
  const before = await parcels(ann).list(ann.id, { limit: 1000 });

  const removed = await parcels(ann).remove([path]);

  const after = await parcels(ann).list(ann.id, { limit: 1000 });
  expect(removed.data).toMatchObject([{ name: path }]);
  expect(after.data).toHaveLength((before.data?.length ?? 0) - 1);
  expect((await parcels(ann).download(path)).data).toBeNull();
});

test("an object larger than its bucket allows is refused, declared or not, and leaves nothing", async () => {
  const small = api.service().storage.from("small");
  const stream = () => new Blob([new Uint8Array(2000)]).stream();

  const declared = await small.upload("declared", new Uint8Array(2000));
  const streamed = await small.upload("streamed", stream(), { duplex: "half" });
  const form = await small.upload("form", new Blob([new Uint8Array(2000)]));
  const fits = await small.upload("fits", new Uint8Array(1000));

  for (const { error } of [declared, streamed, form]) expect(error).toMatchObject({ statusCode: "413" });
  expect(fits.error).toBeNull();
  expect((await small.list()).data?.map(({ name }) => name)).toEqual(["fits"]);
});

test("an upload that makes no sense is refused in Storage's shape", async () => {
  const headers = { apikey: api.serviceRoleKey, authorization: `Bearer ${api.serviceRoleKey}` };
  const put = (path: string, more: Record<string, string>, body: string) =>
    fetch(`${api.url}/storage/v1/object/${path}`, { method: "POST", headers: { ...headers, ...more }, body });

  const broken = await put("parcels/x", { "content-type": "multipart/form-data; boundary=b" }, "not a form");
  const nowhere = await put("%zz/x", {}, "x");
  const outside = await api.service().storage.from("parcels").upload("../x", "x");

  for (const answer of [broken, nowhere]) {
    expect(answer.status).toBe(400);
    expect(await answer.json()).toHaveProperty("statusCode");
  }
  expect(outside.error).not.toBeNull();
});

test("buckets are made, read, changed and removed by the service key alone", async () => {
  const service = api.service().storage;

  const forbidden = await ann.client.storage.createBucket("hers");
  await service.createBucket("spare", { public: false });
  const read = await service.getBucket("spare");
  await service.updateBucket("spare", { public: false, fileSizeLimit: 10 });
  const changed = await service.getBucket("spare");
  const removed = await service.deleteBucket("spare");

  expect(forbidden.error).not.toBeNull();
  expect(read.data).toMatchObject({ id: "spare", public: false });
  expect(changed.data?.file_size_limit).toBe(10);
  expect(removed.error).toBeNull();
  expect((await service.getBucket("spare")).data).toBeNull();
});
