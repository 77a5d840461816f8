import { expect, test } from "vitest";
import { canPreview, safeFileName, sizeWords } from "./attachment.ts";

test("sizes are told as phones count", () => {
  expect(sizeWords(0)).toBe("0 bytes");
  expect(sizeWords(999)).toBe("999 bytes");
  expect(sizeWords(214_000)).toBe("214 KB");
  expect(sizeWords(25_000_000)).toBe("25.0 MB");
});

test("a file cannot hide its ending behind a direction mark", () => {
  expect(safeFileName("report\u202Efdp.exe")).toBe("reportfdp.exe");
});

test("a file name cannot climb or break a line", () => {
  expect(safeFileName("../../etc/passwd")).toBe(".._.._etc_passwd");
  expect(safeFileName("a\r\nb.txt")).toBe("ab.txt");
  expect(safeFileName("..")).toBe("attachment");
  expect(safeFileName(" ")).toBe("attachment");
  expect(safeFileName("Ärztebrief 1.pdf")).toBe("Ärztebrief 1.pdf");
});

test("pictures are shown, documents that can run are not", () => {
  const of = (type: string) => ({ part: 1, name: "x", type, size: 1, inline: false });

  expect(canPreview(of("image/png"))).toBe(true);
  expect(canPreview(of("image/svg+xml"))).toBe(false);
  expect(canPreview(of("text/html"))).toBe(false);
});
