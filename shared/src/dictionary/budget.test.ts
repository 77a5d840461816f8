import { describe, expect, test } from "vitest";
import { type Dictionary, readDictionary } from "./dictionary.ts";
import { examine } from "./examine.ts";
import { COMPONENT_LENGTH_MAX } from "./limits.ts";
import { compileSet } from "./set.ts";

const TIME = { now: () => performance.now(), limitMs: 60_000 };

function dictionary(text: string): Dictionary {
  const read = readDictionary("words", text);
  if (read.kind === "wrong") throw new Error(read.errors.map(({ sentence }) => sentence).join());
  return read.dictionary;
}

describe("nobody can hold it", () => {
  const words = [
    "the",
    "invoice",
    "4556",
    "7375",
    "aaaa",
    "mail@x.example",
    "due",
    "2024-01-01",
    "and",
    "ABAB",
  ];
  const make = (length: number) => {
    const out: string[] = [];
    let seed = 7;
    for (let size = 0; size < length; size += 6) {
      seed = (seed * 48_271) % 2_147_483_647;
      out.push(words[seed % words.length] ?? "");
    }
    return out.join(" ").slice(0, length);
  };
  /** The best of some runs: on a busy machine the others measure the machine. */
  const best = (runs: number, work: () => void) => {
    const times = Array.from({ length: runs }, () => {
      const before = performance.now();
      work();
      return performance.now() - before;
    });
    return Math.min(...times);
  };
  const expressions = (count: number) =>
    Array.from({ length: count }, (_, index) => `1 regex "(?i)\\bkey${index}[- ]?[a-z]{2}\\d{4,6}\\b"`).join(
      "\n",
    );
  const milliseconds = (lines: string, text: string, runs = 5) => {
    const set = compileSet([dictionary(lines)]);
    const run = () => examine([{ kind: "body", text }], set, TIME);
    run();
    return best(runs, run);
  };

  test("ten times the text costs at most fifteen times", () => {
    const lines = `${expressions(50)}\n${Array.from({ length: 1_000 }, (_, index) => `1 "phrase ${index} here"`).join("\n")}`;

    expect(milliseconds(lines, make(1_000_000))).toBeLessThan(15 * milliseconds(lines, make(100_000)) + 5);
  });

  test("200 expressions cost at most twice what 50 cost", () => {
    const text = make(300_000);

    expect(milliseconds(expressions(200), text)).toBeLessThan(2 * milliseconds(expressions(50), text) + 5);
  });

  test("ten thousand phrases cost little more than ten", () => {
    const phrases = (count: number) =>
      Array.from({ length: count }, (_, index) => `1 "the invoice ${index} due"`).join("\n");
    const text = make(300_000);

    expect(milliseconds(phrases(10_000), text)).toBeLessThan(5 * milliseconds(phrases(10), text) + 10);
  });

  test("any expression takes 50 ms for 100 KB, in the median of hostile ones", () => {
    const hostile = [
      "(a*)*b",
      "(a|aa)+$",
      "(x+x+)+y",
      ".*.*.*=.*z",
      "a.*?z|a",
      "([a-z]+)*\\d!",
      "(?:\\d+[a-z]?){1,60}z",
      "[ab]*a[ab]{8}c",
      "(a|a)*b",
      "(?:[^ ]* ){30}zz",
    ];
    const usable = hostile.filter((source) => readDictionary("d", `1 regex "${source}"`).kind === "read");
    const texts = [make(100_000), "a".repeat(100_000)];

    const times = usable.flatMap((source) =>
      texts.map((text) => milliseconds(`1:9999 regex "${source}"`, text, 1)),
    );

    expect(usable.length).toBeGreaterThan(7);
    expect(times.sort((one, other) => one - other)[Math.floor(times.length / 2)]).toBeLessThan(50);
    expect(Math.max(...times)).toBeLessThan(2_000);
  });

  test("when time is over, what was found stays, and the component is named", () => {
    let time = 0;
    const clock = { now: () => (time += 1), limitMs: 3 };
    const set = compileSet([dictionary('1 "first"\n1 regex "l[a]st"')]);

    const { cut, dictionaries } = examine(
      [{ kind: "body", text: `first ${"x ".repeat(50_000)} last` }],
      set,
      clock,
    );

    expect(cut).toEqual([{ component: 0, why: "time" }]);
    expect(dictionaries[0]?.summed.score).toBe(1);
  });

  test("a text longer than is examined is cut, and the component is named", () => {
    const text = `first ${"x".repeat(COMPONENT_LENGTH_MAX)} last`;
    const set = compileSet([dictionary('1 "first"\n1 "last"')]);

    const { cut, dictionaries } = examine(
      [
        { kind: "headers", text: "" },
        { kind: "body", text },
      ],
      set,
      TIME,
    );

    expect(cut).toEqual([{ component: 1, why: "length" }]);
    expect(dictionaries[0]?.summed.score).toBe(1);
  });
});
