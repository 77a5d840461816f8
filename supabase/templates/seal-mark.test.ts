/** The mark that is attached to each mail. */
import { expect, test } from "vitest";
import { sealMarkPng } from "./seal-mark.ts";

test("the mark is a small PNG of 96 by 96 pixels", () => {
  const png = Buffer.from(sealMarkPng());

  expect(png.subarray(1, 4).toString()).toBe("PNG");
  expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([96, 96]);
  expect(png.length).toBeLessThan(4_096);
});
