import { expect, test } from "vitest";
import { mailFileName, safeFileName } from "./file-name.ts";
import { parseParameters } from "./parameter.ts";

test.each([
  ["report.pdf", "report.pdf"],
  ["../../etc/passwd", "passwd"],
  ["C:\\Users\\ann\\report.pdf", "report.pdf"],
  ["photo\u202egpj.exe", "photogpj.exe"],
  ["a\u0000b\r\n.txt", "ab.txt"],
  ["..", "attachment.pdf"],
  ["  ", "attachment.pdf"],
  [".htaccess", "htaccess"],
  ['a"b<c>.txt', "a_b_c_.txt"],
])("%j is saved as %s", (written, safe) => {
  expect(safeFileName(written, "application/pdf")).toBe(safe);
});

test("a very long name keeps its ending", () => {
  const name = safeFileName(`${"ä".repeat(500)}.docx`, "application/octet-stream");

  expect([...name]).toHaveLength(120);
  expect(name).toMatch(/ä\.docx$/u);
});

test("a mail without subject has a name all the same", () => {
  expect(mailFileName(" ")).toBe("message.eml");
});

test.each([
  ['x/y; name="a;b.txt"', "a;b.txt"],
  ['x/y; name="a\\"b.txt"', 'a"b.txt'],
  ["x/y; name=two words.txt", "two words.txt"],
  ['x/y; name="=?utf-8?B?w6Q=?= =?utf-8?B?w7YudHh0?="', "äö.txt"],
  ["x/y; name*=utf-8''%c3%a4.txt; name=a.txt", "ä.txt"],
  ["x/y; name*1=b.txt; name*0=a", "ab.txt"],
  ["x/y; name*0*=iso-8859-1''%e4; name*1=100%25.txt", "ä100%25.txt"],
  ["x/y; name*=%41.txt", "A.txt"],
  ['x/y; name="never closed.txt', "never closed.txt"],
  ["x/y; NAME = a.txt ; charset=utf-8", "a.txt"],
])("%s", (field, name) => {
  expect(parseParameters(field).parameters.get("name")).toBe(name);
});
