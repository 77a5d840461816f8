import { deflateSync } from "node:zlib";
import { readDictionary } from "@sealpost/shared/dictionary/dictionary.ts";
import { gzipSync } from "fflate";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseMail } from "../mime/parse-mail.ts";
import { createExaminer, type Examiner } from "./examiner.ts";
import { READER_BYTES_MAX } from "./limits.ts";
import { type Attached, docx, mailWith, odt, pdf, pptx, tar, xlsx, zip } from "./testing/files.ts";

const WORDS = '5 "project lantern"\n3:9 regex,cardnumber "\\b(?:\\d[ -]?){12,18}\\d\\b"';
const CARD = "4556737586899855";

let examiner: Examiner;
let lost = 0;

beforeAll(async () => {
  examiner = makeExaminer(10_000);
  await examiner.use([dictionary(WORDS)]);
});

afterAll(() => examiner.close());

function makeExaminer(ms: number, bytes = READER_BYTES_MAX): Examiner {
  const onReaderEnded = () => {
    lost++;
  };
  return createExaminer({ now: () => performance.now(), readers: 1, onReaderEnded, limits: { ms, bytes } });
}

function dictionary(text: string) {
  const read = readDictionary("words", text);
  if (read.kind === "wrong") throw new Error(read.errors.map(({ sentence }) => sentence).join());
  return read.dictionary;
}

/** The score of the only attachment, and every condition. */
async function examined(attached: Attached, body = "see attached") {
  const raw = mailWith(body, [attached]);
  const result = await examiner.explain(raw, parseMail(raw));
  return {
    score: result.examination.dictionaries[0]?.components[2]?.score,
    conditions: result.conditions.map(({ kind }) => kind),
    types: result.files.map(({ type }) => type),
    text: result.texts[2] ?? "",
  };
}

describe("words are found in", () => {
  const found: readonly [string, Buffer][] = [
    ["docx", docx(["About", "Project  Lantern"])],
    ["pptx", pptx(["Project Lantern"])],
    ["xlsx", xlsx([["Project Lantern", 1]])],
    ["odt", odt(["Project <text:s/>Lantern"])],
    ["pdf", pdf(["First page", "Project Lantern"])],
    ["html", Buffer.from("<!doctype html><p>Project <b>Lantern</b></p>")],
    ["rtf", Buffer.from("{\\rtf1\\ansi Project {\\b Lantern}}")],
    ["csv", Buffer.from("id,name\n1,Project Lantern\n")],
    ["txt", Buffer.from("\ufeffProject Lantern", "utf16le")],
    ["svg", Buffer.from("<svg xmlns='x'><text>Project Lantern</text></svg>")],
    ["zip", zip({ "a/b.docx": docx(["Project Lantern"]) })],
    ["gz", Buffer.from(gzipSync(Buffer.from("Project Lantern")))],
    ["tgz", Buffer.from(gzipSync(tar({ "a.txt": "none", "b.txt": "Project Lantern" })))],
    ["eml", mailWith("hello", [{ name: "x.docx", bytes: docx(["Project Lantern"]) }])],
    [
      "docx with a sheet in it",
      docx(["see sheet"], { "word/embeddings/sheet.xlsx": xlsx([["Project Lantern"]]) }),
    ],
  ];

  test.each(found)("%s, under whatever name", async (_, bytes) => {
    const result = await examined({ name: "holiday.jpg", type: "image/jpeg", bytes });

    expect(result.score).toBe(5);
    expect(result.conditions).toEqual([]);
  });

  test.each(found.slice(0, 8))("%s, and nothing in one without them", async (name) => {
    const others: Record<string, Buffer> = {
      docx: docx(["Project", "", "X", "Lantern"]),
      pptx: pptx(["Project"]),
      xlsx: xlsx([["Projects", "Lanterns"]]),
      odt: odt(["Lantern"]),
      pdf: pdf(["Project X"]),
      html: Buffer.from("<p>Lantern</p>"),
      rtf: Buffer.from("{\\rtf1 {\\*\\generator project lantern;} nothing}"),
      csv: Buffer.from("Project,Lantern"),
    };

    expect((await examined({ name: "a", bytes: others[name] ?? Buffer.alloc(0) })).score).toBe(0);
  });

  test("cells with numbers: a card number that a sheet holds as a number", async () => {
    const result = await examined({ name: "cards.xlsx", bytes: xlsx([["card", Number(CARD)]]) });

    expect(result.score).toBe(3);
    expect(result.text).toBe(`card\t${CARD}`);
  });

  test("the subject, an encoded header, and html that says more than the text", async () => {
    const raw = mailWith(
      "hello",
      [],
      "Subject: =?utf-8?Q?Project_Lantern?=\r\nX-Note: =?utf-8?B?UHJvamVjdCBMYW50ZXJu?=",
    );
    const html = Buffer.from(
      "Subject: x\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nhello there\r\n--b\r\nContent-Type: text/html\r\n\r\n<p>hello there</p><p>Project Lantern</p>\r\n--b--",
    );

    const subject = await examiner.examine(raw, parseMail(raw));
    const body = await examiner.explain(html, parseMail(html));

    expect(subject.examination.dictionaries[0]?.components[0]?.score).toBe(5);
    expect(body.examination.dictionaries[0]?.components[1]?.score).toBe(5);
    expect(body.texts[1]).toBe("hello there\nProject Lantern");
  });
});

describe("what cannot be read is said, and nothing is passed silently", () => {
  const encryptedZip = zip({ "secret.txt": "Project Lantern" });
  for (const mark of ["PK\x01\x02", "PK\x03\x04"]) {
    const at = encryptedZip.indexOf(Buffer.from(mark, "latin1"));
    const flags = at + (mark === "PK\x01\x02" ? 8 : 6);
    encryptedZip.writeUInt16LE(encryptedZip.readUInt16LE(flags) | 1, flags);
  }
  const ole = Buffer.concat([Buffer.from("d0cf11e0a1b11ae1", "hex"), Buffer.alloc(504)]);

  test.each<[string, Buffer, string[]]>([
    ["a zip with a password", encryptedZip, ["encrypted"]],
    [
      "an office file with a password",
      Buffer.concat([ole, Buffer.from("EncryptedPackage", "utf16le")]),
      ["encrypted"],
    ],
    ["a pdf with a password", pdf(["Project Lantern"], true), ["encrypted"]],
    ["an odt with a password", odt(["x"], "<manifest><encryption-data/></manifest>"), ["encrypted"]],
    [
      "a PGP file",
      Buffer.from("-----BEGIN PGP MESSAGE-----\n\nwcBMA\n-----END PGP MESSAGE-----\n"),
      ["encrypted"],
    ],
    [
      "an S/MIME envelope",
      Buffer.from("3080 0609 2a864886f70d010703 a080 3080".replaceAll(" ", ""), "hex"),
      ["encrypted"],
    ],
    ["an unknown binary", Buffer.from([1, 2, 3, 0, 0, 255, 254, 7]), ["unscannable"]],
    ["a damaged docx", docx(["Project Lantern".repeat(99)]).subarray(0, 200), ["unscannable"]],
    ["a damaged pdf", pdf(["x"]).subarray(0, 60), ["unscannable"]],
    ["a pdf of pictures", pdf([""]), ["unscannable"]],
    ["7z", Buffer.from("377abcaf271c0004", "hex"), ["unscannable"]],
    ["a program", Buffer.from("4d5a90000300000004000000", "hex"), ["unscannable"]],
    [
      "an old Word file",
      Buffer.concat([ole, Buffer.from("Project Lantern"), Buffer.alloc(20)]),
      ["half-scanned"],
    ],
    ["a picture", Buffer.from("89504e470d0a1a0a0000000d", "hex"), []],
    ["an empty file", Buffer.alloc(0), []],
  ])("%s", async (_, bytes, conditions) => {
    expect((await examined({ name: "file.txt", type: "text/plain", bytes })).conditions).toEqual(conditions);
  });

  test("a body that is PGP", async () => {
    const raw = mailWith("-----BEGIN PGP MESSAGE-----\r\n\r\nabc");

    const { conditions } = await examiner.examine(raw, parseMail(raw));

    expect(conditions).toMatchObject([{ kind: "encrypted", component: 1 }]);
  });
});

describe("nobody can hold the gateway", () => {
  test("a zip bomb, plain and in five layers, is cut", async () => {
    const zeros = zip({ "zeros.txt": new Uint8Array(40_000_000).fill(48) });
    let layers: Buffer = zip({ "a.txt": "Project Lantern" });
    for (let layer = 0; layer < 8; layer++) layers = zip({ "inner.zip": layers });

    expect((await examined({ name: "a.zip", bytes: zeros })).conditions).toContain("half-scanned");
    expect((await examined({ name: "a.zip", bytes: layers })).conditions).toEqual(["half-scanned"]);
  });

  test("more files than are examined are cut, and what came first is found", async () => {
    const many = Object.fromEntries(
      Array.from({ length: 3_000 }, (_, index) => [`${index}.txt`, "Project Lantern"]),
    );

    const result = await examined({ name: "a.zip", bytes: zip(many, 0) });

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

    const result = await examined({ name: "a.docx", bytes: bomb });

    expect(result.score).toBe(5);
    expect(result.text.length).toBeLessThan(100);
  });

  test("a million nested elements and an attribute without end cost their length", async () => {
    const nested = docx([], { "word/document.xml": `${"<p>".repeat(1_000_000)}Project Lantern` });
    const endless = docx([], {
      "word/document.xml": `<p>Project Lantern</p><p a="${"'\"<".repeat(300_000)}`,
    });

    expect((await examined({ name: "a.docx", bytes: nested })).score).toBe(5);
    expect((await examined({ name: "a.docx", bytes: endless })).score).toBe(5);
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

    const result = await examined({ name: "a.xlsx", bytes: sheet });

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
    const hasty = makeExaminer(1);
    await hasty.use([dictionary(WORDS)]);
    const slow = pdf(Array.from({ length: 300 }, (_, index) => `page ${index} `.repeat(50)));
    const raw = mailWith("Project Lantern", [{ name: "a.pdf", bytes: slow }]);
    lost = 0;

    const result = await hasty.examine(raw, parseMail(raw));

    await hasty.close();
    expect(lost).toBeGreaterThan(0);
    expect(result.conditions).toContainEqual(expect.objectContaining({ kind: "half-scanned" }));
  });

  test("a PDF whose stream unpacks to gigabytes ends a reader process, not the gateway", async () => {
    const frugal = makeExaminer(20_000, 400 * 1024 * 1024);
    await frugal.use([dictionary(WORDS)]);
    const bomb = pdf(["bomb"], false, deflateSync(Buffer.alloc(600_000_000, 32), { level: 1 }));
    const raw = mailWith("Project Lantern", [{ name: "a.pdf", bytes: bomb }]);
    lost = 0;

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

test("new dictionaries hold from the next mail on, and the names of both kinds of work agree", async () => {
  const raw = mailWith("blue heron", [{ name: "a.docx", bytes: docx(["blue heron"]) }]);
  const before = await examiner.examine(raw, parseMail(raw));

  await examiner.use([dictionary('7 "blue heron"')]);
  const after = await examiner.examine(raw, parseMail(raw));
  await examiner.use([dictionary(WORDS)]);

  expect(before.examination.dictionaries[0]?.summed.score).toBe(0);
  expect(after.examination.dictionaries[0]?.summed.score).toBe(14);
});
