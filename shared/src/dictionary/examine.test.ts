import { describe, expect, test } from "vitest";
import type { Component } from "./component.ts";
import { type Dictionary, readDictionary } from "./dictionary.ts";
import { type DictionaryResult, examine, highest } from "./examine.ts";
import { MATCH_LENGTH_MAX, SEGMENT_LENGTH } from "./limits.ts";
import { seenText } from "./seen-text.ts";
import { compileSet } from "./set.ts";

const TIME = { now: () => performance.now(), limitMs: 60_000 };

function dictionary(text: string): Dictionary {
  const read = readDictionary("words", text);
  if (read.kind === "wrong") throw new Error(read.errors.map(({ sentence }) => sentence).join());
  return read.dictionary;
}

function result(lines: string, ...components: readonly (string | Component)[]): DictionaryResult {
  const made = components.map(
    (component): Component =>
      typeof component === "string" ? { kind: "body", text: seenText(component) } : component,
  );
  const [first] = examine(made, compileSet([dictionary(lines)]), TIME).dictionaries;
  if (first === undefined) throw new Error("no result");
  return first;
}

const score = (lines: string, text: string) => result(lines, text).components[0]?.score;

describe("a phrase", () => {
  test.each([
    ["top secret", "This is TOP   \n\tSECRET."],
    ["straße", "in der STRASSE"],
    ["don't", "I don’t know"],
    ["don’t", "I don't know"],
    ["cafe\u0301", "the café"],
    ["secret", "top_secret"],
    ["secret", "s\u00ade\u200bcret"],
    ["file", "the ﬁle"],
    ["42", "room ４２"],
    ["C++", "in C++, of course"],
    ["机密", "这是绝密机密文件"],
    ["กลับ", "ฉันกลับบ้าน"],
    ["данные", "ДАННЫЕ"],
  ])("%s is found in: %s", (phrase, text) => {
    expect(score(`2 "${phrase}"`, text)).toBe(2);
  });

  test.each([
    ["secret", "secretary"],
    ["top secret", "top-secret"],
    ["top secret", "topsecret"],
    ["ann", "Hannah"],
    ["4", "42"],
    ["C++", "C+"],
    ["机密", "机 X 密"],
  ])("%s is not found in: %s", (phrase, text) => {
    expect(score(`2 "${phrase}"`, text)).toBe(0);
  });

  test("inside and beside others, each is found", () => {
    const lines = '1 "a b c"\n10 "b c"\n100 "c"\n1000 "c d"\n10000 "a b x"';

    expect(score(lines, "a b c d")).toBe(1111);
  });
});

describe("a weight", () => {
  test("counts once without a largest score, however often the phrase stands there", () => {
    expect(score('3 "x"', "x x x")).toBe(3);
  });

  test("counts each occurrence up to the largest score", () => {
    expect(score('3:7 "x"', "x")).toBe(3);
    expect(score('3:7 "x"', "x x")).toBe(6);
    expect(score('3:7 "x"', "x x x x")).toBe(7);
  });

  test("of an expression counts each different text, not the same number quoted again", () => {
    expect(score('1:9 regex "\\d[\\d -]+\\d"', "4556-7375 and 4556 7375, later 45567375")).toBe(1);
    expect(score('1:9 regex "\\d+"', "11 22 33 11")).toBe(3);
  });

  test("needs every validator, and reads the group named value where there is one", () => {
    const line = '5 regex,ssn "(?i)ssn:? *(?<value>[\\d-]+)"';

    expect(score(line, "SSN: 536-90-4399")).toBe(5);
    expect(score(line, "SSN: 666-90-4399")).toBe(0);
    expect(score('5 regex,cardnumber "(4|5)\\d{15}"', "4556737586899855")).toBe(5);
  });
});

describe("required and exclude", () => {
  const lines = '5 "budget"\n1 required "project x"\n0 exclude "press release"';

  test("score when all that is required is there and nothing that is excluded", () => {
    expect(result(lines, "budget of Project X").components[0]).toMatchObject({
      score: 6,
      because: "counted",
    });
  });

  test("score nothing without what is required, and say which line", () => {
    expect(result(lines, "budget").components[0]).toMatchObject({
      score: 0,
      because: "required-missing",
      withheldBy: 2,
    });
    expect(score('1 required "a"\n1 required "b"', "a")).toBe(0);
    expect(score('1 required "a"\n1 required "b"', "b a")).toBe(2);
  });

  test("score nothing with what is excluded, and say which line", () => {
    expect(result(lines, "press release: budget of Project X").components[0]).toMatchObject({
      score: 0,
      because: "excluded",
      withheldBy: 3,
    });
  });

  test("hold for the component alone, or for the whole mail where scores are summed", () => {
    const split = result(lines, "budget", "project x");
    expect(split.components.map((one) => one.score)).toEqual([0, 1]);
    expect(split.summed.score).toBe(6);
    expect(result(lines, "budget project x", "press release").summed.score).toBe(0);
    expect(highest(result(lines, "budget project x", "press release"))).toEqual({ component: 0, score: 6 });
  });
});

test("summed, a line without largest score counts once in each component, one with it up to it", () => {
  expect(result('2 "x"', "x", "x").summed.score).toBe(4);
  expect(result('2:3 "x"', "x", "x").summed.score).toBe(3);
  expect(result('1:9 regex "\\d+"', "11", "11 22").summed.score).toBe(2);
});

test("places are told, and matches shown without their digits", () => {
  const text = "card 4556 7375 8689 9855, Company Secret";

  const { hits } = result('1 regex,cardnumber "\\d{4}( \\d{4}){3}"\n1 "company secret"', text).summed;

  expect(hits.map(({ matches }) => matches[0])).toEqual([
    { component: 0, start: 5, end: 24, masked: "#### #### #### ####" },
    { component: 0, start: 26, end: 40, masked: "C•••••• •••••t" },
  ]);
});

describe("pieces", () => {
  test.each([-20, -1, 0, 1])("a match across the border of two pieces is found once (%i)", (shift) => {
    const before = "x".repeat(SEGMENT_LENGTH - 10 + shift);
    const text = `${before} 4556737586899855 y`;

    expect(result('1:9 regex,cardnumber "\\b\\d{16}\\b"', text).summed).toMatchObject({
      score: 1,
      hits: [{ count: 1 }],
    });
  });

  test("the border is no border of a word, nor the start of the text", () => {
    const digits = "4556737586899855";
    const text = "7".repeat(SEGMENT_LENGTH) + digits + "7".repeat(MATCH_LENGTH_MAX * 2);

    expect(score('1 regex "\\b\\d{16}\\b"', text)).toBe(0);
    expect(score('1 regex "^4556737586899855"', "\n".repeat(SEGMENT_LENGTH) + digits)).toBe(0);
    expect(score('1 regex "^4556737586899855"', digits)).toBe(1);
  });
});
