/** At rest: after a whole journey, nothing readable of it lies in the data folder or comes out of a dump of the database. */
import { randomBytes } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { choosePassword, mailText, openBrowser, openPage, phone, signIn } from "./world/browser.ts";
import { linkIn, noticeIn, send, temporaryPasswordIn, waitForMails } from "./world/mail.ts";

const dora = "dora@example.net";
const subject = "Zephyrine appointment";
const words = "the quokka biopsy was harmless";
const inside = "carol@acme.example";
const small = { filename: "kumquat-ledger.csv", content: Buffer.from(`tangerine;${"persimmon".repeat(50)}`) };
const large = {
  filename: "marzipan-scan.bin",
  content: Buffer.concat([Buffer.from("gooseberry"), randomBytes(900_000)]),
};
const password = "brisk-Meadow-58-otter";

let browser: Browser;
let temporaryPassword: string;
let needles: Map<string, Buffer>;

beforeAll(async () => {
  browser = await openBrowser();
  await send({
    from: "Alice Archer <alice@acme.example>",
    to: [dora, inside],
    subject: `[secure] ${subject}`,
    text: words,
    attachments: [small, large],
  });
  const mails = await waitForMails(dora, 2);
  temporaryPassword = temporaryPasswordIn(mails);
  const page = await openPage(await browser.newContext(phone));
  await page.goto(linkIn(noticeIn(mails)));
  await signIn(page, dora, temporaryPassword);
  await choosePassword(page, password);
  await page.getByRole("heading", { name: subject }).waitFor();
  expect(await mailText(page)).toContain(words);
  needles = needlesOf({
    subject,
    words,
    "small attachment": "persimmonpersimmon",
    "large attachment": large.content.subarray(4_096, 4_160),
    "small file's name": "kumquat-ledger",
    "large file's name": "marzipan-scan",
    "temporary password": temporaryPassword,
    "temporary password without dashes": temporaryPassword.replaceAll("-", ""),
    "own password": password,
  });
}, 120_000);
afterAll(() => browser.close());

/** Each needle as it would look in UTF-8, UTF-16, hex, and base64 at each of its three offsets. */
function needlesOf(plain: Record<string, string | Buffer>): Map<string, Buffer> {
  const all = new Map<string, Buffer>();
  for (const [name, value] of Object.entries(plain)) {
    const bytes = Buffer.from(value as string);
    all.set(name, bytes);
    all.set(`${name} in UTF-16`, Buffer.from(bytes.toString("latin1"), "utf16le"));
    all.set(`${name} in hex`, Buffer.from(bytes.toString("hex")));
    for (const offset of [0, 1, 2]) {
      const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString("base64");
      all.set(`${name} in base64 at ${offset}`, Buffer.from(encoded.slice(offset === 0 ? 0 : 4, -4)));
    }
  }
  return all;
}

const longest = 4_096;

/** Names of the needles found in a stream of bytes. */
async function findIn(chunks: AsyncIterable<Buffer>): Promise<string[]> {
  const found = new Set<string>();
  let tail: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    const window = Buffer.concat([tail, chunk]);
    for (const [name, needle] of needles) if (window.includes(needle)) found.add(name);
    tail = window.subarray(-longest);
  }
  return [...found];
}

async function findInFolder(folder: string): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    for (const name of await findIn(createReadStream(path))) found.push(`${name} in ${path}`);
  }
  return found;
}

/** Every row of every table, as text, as a dump would have it. */
async function* dump(client: pg.Client): AsyncGenerator<Buffer> {
  const tables = await client.query(`
    select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p', 'm') and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')`);
  for (const { name } of tables.rows) {
    const rows = await client.query(`select row_to_json(t)::text as row from ${name} t`);
    for (const { row } of rows.rows) yield Buffer.from(`${row}\n`);
  }
}

test("the search finds what is there: a planted needle in a file and in a table", async () => {
  const planted = (async function* () {
    yield Buffer.from(`xx${words.slice(0, 10)}`);
    yield Buffer.from(words.slice(10));
  })();

  expect(await findIn(planted)).toContain("words");
});

test("the data folder holds no word, subject, file name, attachment or password of the journey", async () => {
  const client = new pg.Client(inject("world").superuserUrl);
  await client.connect();
  await client.query("checkpoint"); // what is in memory is written, so that it is searched too
  await client.end();

  expect(await findInFolder(inject("world").dataDir)).toEqual([]);
}, 120_000);

test("neither does a dump of the database", async () => {
  const client = new pg.Client(inject("world").superuserUrl);
  await client.connect();

  const found = await findIn(dump(client));
  const messages = await client.query("select count(*)::integer as n from public.messages");
  await client.end();

  expect(found).toEqual([]);
  expect(messages.rows[0].n).toBeGreaterThan(0);
});
