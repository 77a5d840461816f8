/**
 * What examination costs, in milliseconds: `npx node gateway/src/examine/examine.bench.ts`.
 *
 * The best of repeated runs, since a shared machine only ever adds. The starter dictionaries are in force,
 * and ten thousand phrases.
 */
import { readdirSync, readFileSync } from "node:fs";
import { type Dictionary, readDictionary } from "@sealpost/shared/dictionary/dictionary.ts";
import { examine } from "@sealpost/shared/dictionary/examine.ts";
import { compileSet } from "@sealpost/shared/dictionary/set.ts";
import { parseMail } from "../mime/parse-mail.ts";
import { createExaminer } from "./examiner.ts";
import { READER_BYTES_MAX, READER_MS_MAX } from "./limits.ts";
import { docx, mailWith, pdf, xlsx, zip } from "./testing/files.ts";

const RUNS = 25;
const STARTERS = new URL("../../../supabase/dictionaries/", import.meta.url);
const WORDS =
  "the quick brown fox and the invoice 2024 for our meeting at noon is attached with kind regards Müller".split(
    " ",
  );
const now = () => performance.now();

const starters = readdirSync(STARTERS)
  .filter((name) => name.endsWith(".txt"))
  .map((name) => read(readFileSync(new URL(name, STARTERS), "utf8")));
const phrases = (count: number) => read(lines(count, (index) => `1 "phrase ${index} of list"`));
const expressions = (count: number) =>
  read(lines(count, (index) => `1 regex "(?i)\\bkey${index}[- ]?[a-z]{2}\\d{4,6}\\b"`));

await measureSets();
await measureMails();

function read(text: string): Dictionary {
  const result = readDictionary("bench", text);
  if (result.kind === "wrong") throw new Error(result.errors[0]?.sentence);
  return result.dictionary;
}

function lines(count: number, line: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => line(index)).join("\n");
}

function text(length: number): string {
  const words: string[] = [];
  let seed = 1;
  for (let size = 0; size < length; size += 6) {
    seed = (seed * 48_271) % 2_147_483_647;
    words.push(WORDS[seed % WORDS.length] ?? "");
  }
  return words
    .join(" ")
    .replace(/(.{70}) /gu, "$1\r\n")
    .slice(0, length);
}

async function best(work: () => unknown): Promise<string> {
  const times: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    const before = now();
    await work();
    times.push(now() - before);
  }
  return Math.min(...times)
    .toFixed(2)
    .padStart(9);
}

async function measureSets(): Promise<void> {
  process.stdout.write("matching alone                 5 KB   100 KB     1 MB\n");
  const sets: [string, Dictionary[]][] = [
    ["50 expressions", [expressions(50)]],
    ["200 expressions", [expressions(200)]],
    ["10 phrases", [phrases(10)]],
    ["10,000 phrases", [phrases(10_000)]],
    ["starters", starters],
    ["starters, 10,000 phrases", [...starters, phrases(10_000)]],
  ];
  for (const [name, dictionaries] of sets) {
    const set = compileSet(dictionaries);
    const costs: string[] = [];
    for (const length of [5_000, 100_000, 1_000_000]) {
      const body = text(length);
      costs.push(await best(() => examine([{ kind: "body", text: body }], set, { now, limitMs: 60_000 })));
    }
    process.stdout.write(`${name.padEnd(26)}${costs.join("")}\n`);
  }
}

async function measureMails(): Promise<void> {
  const limits = { ms: READER_MS_MAX, bytes: READER_BYTES_MAX };
  const examiner = createExaminer({ now, readers: 1, onReaderEnded: () => undefined, limits });
  const before = now();
  await examiner.use([...starters, phrases(10_000)]);
  process.stdout.write(`\nnew dictionaries in force after ${(now() - before).toFixed(0)} ms\n`);
  const texts = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`${index}.txt`, text(1_000)]));
  const rows = Array.from({ length: 2_000 }, (_, row) =>
    Array.from({ length: 10 }, (_, cell) => (cell % 2 ? `${row} ${cell}` : row)),
  );
  const mails: [string, Buffer][] = [
    ["5 KB of text", mailWith(text(5_000))],
    ["40 KB of text", mailWith(text(40_000))],
    ["100 KB of text", mailWith(text(100_000))],
    ["docx, 20 KB of text", mailWith("hi", [{ name: "a", bytes: docx(text(20_000).split("\r\n")) }])],
    ["xlsx, 20,000 cells", mailWith("hi", [{ name: "a", bytes: xlsx(rows) }])],
    [
      "pdf, 30 pages",
      mailWith("hi", [{ name: "a", bytes: pdf(Array.from({ length: 30 }, () => text(2_500))) }]),
    ],
    ["zip of 100 texts", mailWith("hi", [{ name: "a", bytes: zip(texts) }])],
    ["5 MB that is no text", mailWith("hi", [{ name: "a", bytes: Buffer.alloc(3_700_000, 7) }])],
  ];
  for (const [name, raw] of mails) {
    process.stdout.write(`${name.padEnd(26)}${await best(() => examiner.examine(raw, parseMail(raw)))}\n`);
  }
  await examiner.close();
}
