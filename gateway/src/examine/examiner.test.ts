import { gzipSync } from "fflate";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseMail } from "../mime/parse-mail.ts";
import type { Examiner } from "./examiner.ts";
import { READER_BYTES_MAX } from "./limits.ts";
import { dictionary, examined, makeExaminer, WORDS } from "./testing/examined.ts";
import { docx, mailWith, odt, pdf, pptx, tar, xlsx, zip } from "./testing/files.ts";

const CARD = "4556737586899855";
const LIMITS = { ms: 10_000, bytes: READER_BYTES_MAX };

let examiner: Examiner;

beforeAll(async () => {
  examiner = await makeExaminer(LIMITS);
});

afterAll(() => examiner.close());

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
    const result = await examined(examiner, { name: "holiday.jpg", type: "image/jpeg", bytes });

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

    expect((await examined(examiner, { name: "a", bytes: others[name] ?? Buffer.alloc(0) })).score).toBe(0);
  });

  test("cells with numbers: a card number that a sheet holds as a number", async () => {
    const result = await examined(examiner, { name: "cards.xlsx", bytes: xlsx([["card", Number(CARD)]]) });

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
    expect((await examined(examiner, { name: "file.txt", type: "text/plain", bytes })).conditions).toEqual(
      conditions,
    );
  });

  test("a body that is PGP", async () => {
    const raw = mailWith("-----BEGIN PGP MESSAGE-----\r\n\r\nabc");

    const { conditions } = await examiner.examine(raw, parseMail(raw));

    expect(conditions).toMatchObject([{ kind: "encrypted", component: 1 }]);
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
