import { deflateSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseMail } from "../mime/parse-mail.ts";
import type { Examiner } from "./examiner.ts";
import { READER_BYTES_MAX } from "./limits.ts";
import { examined, makeExaminer } from "./testing/examined.ts";
import { docx, mailWith, pdf, zip } from "./testing/files.ts";

const LIMITS = { ms: 10_000, bytes: READER_BYTES_MAX };

let examiner: Examiner;

beforeAll(async () => {
  examiner = await makeExaminer(LIMITS);
});

afterAll(() => examiner.close());

describe("nobody can hold the gateway", () => {
  test("a zip bomb, plain and in five layers, is cut", async () => {
    const zeros = zip({ "zeros.txt": new Uint8Array(40_000_000).fill(48) });
    let layers: Buffer = zip({ "a.txt": "Project Lantern" });
    for (let layer = 0; layer < 8; layer++) layers = zip({ "inner.zip": layers });

    expect((await examined(examiner, { name: "a.zip", bytes: zeros })).conditions).toContain("half-scanned");
    expect((await examined(examiner, { name: "a.zip", bytes: layers })).conditions).toEqual(["half-scanned"]);
  });

  test("more files than are examined are cut, and what came first is found", async () => {
    const many = Object.fromEntries(
      Array.from({ length: 3_000 }, (_, index) => [`${index}.txt`, "Project Lantern"]),
    );

    const result = await examined(examiner, { name: "a.zip", bytes: zip(many, 0) });

    expect(result).toMatchObject({ score: 5, conditions: ["half-scanned"] });
  });

  test("an xml bomb is not expanded", async () => {
    const entities = Array.from(
      { length: 30 },
      (_, index) => `<!ENTITY e${index + 1} "&e${index};&e${index};">`,
    ).join("");
    const bomb = docx([], {
      "word/document.xml": `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e0 "lol">${entities}]><p>&e30; Project Lantern</p>`,
    });

    const result = await examined(examiner, { name: "a.docx", bytes: bomb });

    expect(result.score).toBe(5);
    expect(result.text.length).toBeLessThan(100);
  });

  test("a million nested elements and an attribute without end cost their length", async () => {
    const nested = docx([], { "word/document.xml": `${"<p>".repeat(1_000_000)}Project Lantern` });
    const endless = docx([], {
      "word/document.xml": `<p>Project Lantern</p><p a="${"'\"<".repeat(300_000)}`,
    });

    expect((await examined(examiner, { name: "a.docx", bytes: nested })).score).toBe(5);
    expect((await examined(examiner, { name: "a.docx", bytes: endless })).score).toBe(5);
  });

  test("a sheet whose cells all point to one long text is cut", async () => {
    const long = "Project Lantern ".repeat(2_000);
    const cells = '<c t="s"><v>0</v></c>'.repeat(200_000);
    const sheet = zip({
      "[Content_Types].xml": "<Types/>",
      "xl/workbook.xml": "<workbook/>",
      "xl/sharedStrings.xml": `<sst><si><t>${long}</t></si></sst>`,
      "xl/worksheets/sheet1.xml": `<worksheet><row>${cells}</row></worksheet>`,
    });

    const result = await examined(examiner, { name: "a.xlsx", bytes: sheet });

    expect(result.score).toBe(5);
    expect(result.conditions).toContain("half-scanned");
  });

  test("100,000 header fields are examined up to a limit, which is said", async () => {
    const raw = mailWith("hi", [], `Subject: Project Lantern\r\n${"X-A: b\r\n".repeat(100_000)}X-B: c`);

    const result = await examiner.examine(raw, parseMail(raw));

    expect(result.examination.dictionaries[0]?.components[0]?.score).toBe(5);
    expect(result.conditions).toContainEqual(expect.objectContaining({ kind: "half-scanned", component: 0 }));
  });

  test("a body of one line of 50 MB is examined up to a limit, which is said", async () => {
    const raw = Buffer.from(`Subject: x\r\n\r\nProject Lantern ${"ab 4 ".repeat(10_000_000)}`);

    const result = await examiner.examine(raw, parseMail(raw));

    expect(result.examination.dictionaries[0]?.components[1]?.score).toBe(5);
    expect(result.conditions).toContainEqual(expect.objectContaining({ kind: "half-scanned", component: 1 }));
  });

  test("a reader process that is lost over an attachment leaves headers and body examined", async () => {
    let lost = 0;
    const hasty = await makeExaminer({ ms: 1, bytes: READER_BYTES_MAX }, () => lost++);
    const slow = pdf(Array.from({ length: 300 }, (_, index) => `page ${index} `.repeat(50)));
    const raw = mailWith("Project Lantern", [{ name: "a.pdf", bytes: slow }]);

    const result = await hasty.examine(raw, parseMail(raw));

    await hasty.close();
    expect(lost).toBeGreaterThan(0);
    expect(result.conditions).toContainEqual(expect.objectContaining({ kind: "half-scanned" }));
  });

  test("a PDF whose stream unpacks to gigabytes ends a reader process, not the gateway", async () => {
    let lost = 0;
    const frugal = await makeExaminer({ ms: 20_000, bytes: 400 * 1024 * 1024 }, () => lost++);
    const bomb = pdf(["bomb"], false, deflateSync(Buffer.alloc(600_000_000, 32), { level: 1 }));
    const raw = mailWith("Project Lantern", [{ name: "a.pdf", bytes: bomb }]);

    const result = await frugal.examine(raw, parseMail(raw));

    await frugal.close();
    expect(lost).toBe(1);
    expect(result.examination.dictionaries[0]?.components[1]?.score).toBe(5);
    expect(result.conditions).toMatchObject([{ kind: "half-scanned", component: 2 }]);
  });

  test("while a reader process works, the loop goes on", async () => {
    const raw = mailWith("hello", [
      { name: "a.pdf", bytes: pdf(Array.from({ length: 200 }, () => "x ".repeat(500))) },
    ]);
    let last = performance.now();
    let longest = 0;
    const ticks = setInterval(() => {
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    }, 5);
    const before = performance.now();

    await examiner.examine(raw, parseMail(raw));

    clearInterval(ticks);
    expect(longest).toBeLessThan((performance.now() - before) / 2 + 50);
  });
});
