import { OPEN_CONTROLS } from "@sealpost/shared/wire/controls.ts";
import { expect, test } from "vitest";
import { controlWords } from "./control-words.ts";

test("a message without limits says nothing of limits", () => {
  expect(controlWords(OPEN_CONTROLS)).toEqual([]);
});

test("a reader is told how often it opens, and that the sender hears of it", () => {
  const [once] = controlWords({ ...OPEN_CONTROLS, viewLimit: 1 });
  const rules = controlWords({ ...OPEN_CONTROLS, viewLimit: 3, receipt: true });

  expect(once).toMatch(/once/);
  expect(rules).toHaveLength(2);
  expect(rules[0]).toMatch(/3 times/);
});
