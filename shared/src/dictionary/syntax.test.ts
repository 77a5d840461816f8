import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readDictionary } from "./dictionary.ts";
import type { Line } from "./line.ts";
import { printDictionary, printLine } from "./print.ts";
import { parseDictionary, parseLine } from "./syntax.ts";
import type { ValidatorName } from "./validators/validators.ts";

function read(source: string): Line {
  const entry = parseLine(source, 1);
  if (entry.kind !== "line") throw new Error(JSON.stringify(entry));
  return entry.line;
}

describe("an administrator writes", () => {
  test.each<[string, Partial<Line>]>([
    ['1 "text"', { weight: 1, maxScore: null, role: "counted", pattern: { kind: "phrase", text: "text" } }],
    [
      '5:10 regex "\\d{3}"',
      { weight: 5, maxScore: 10, pattern: { kind: "expression", source: "\\d{3}", validators: [] } },
    ],
    [
      "10 regex 4[0-9]{12}(?:[0-9]{3})?",
      { pattern: { kind: "expression", source: "4[0-9]{12}(?:[0-9]{3})?", validators: [] } },
    ],
    [
      '1 Regex,CardNumber, notsamedigit "\\d+"',
      { pattern: { kind: "expression", source: "\\d+", validators: ["cardnumber", "notsamedigit"] } },
    ],
    ['1 required "Project X"', { role: "required" }],
    [
      '0 exclude regex "x+"',
      { weight: 0, role: "exclude", pattern: { kind: "expression", source: "x+", validators: [] } },
    ],
    ["4 “Company Confidential”", { pattern: { kind: "phrase", text: "Company Confidential" } }],
    [
      '4 "say \\"hello\\" \\\\ there" # greeting',
      { pattern: { kind: "phrase", text: 'say "hello" \\ there' }, comment: "greeting" },
    ],
    [
      "4 company confidential # C# too",
      { pattern: { kind: "phrase", text: "company confidential" }, comment: "C# too" },
    ],
    ["4 C# code", { pattern: { kind: "phrase", text: "C# code" } }],
    ["2 regexes are fun", { pattern: { kind: "phrase", text: "regexes are fun" } }],
  ])("%s", (source, line) => {
    expect(read(source)).toMatchObject(line);
  });

  test("comments and blank lines, with Windows line ends and a byte order mark", () => {
    const entries = parseDictionary('\ufeff# cards\r\n\r\n1 "x"\r\n');

    expect(entries).toMatchObject({
      kind: "read",
      entries: [{ kind: "comment", text: "cards" }, { kind: "blank" }, { kind: "line" }],
    });
  });
});

describe("a mistake is named with its line and its mend", () => {
  test.each([
    ['"text"', /does not start with a weight.*Write for example/u],
    ['-1 "x"', /weight is -1.*from 0/u],
    ['1:9999999 "x"', /largest score/u],
    ['1 "x', /no closing quote/u],
    ['1 "x" y', /only a # comment/u],
    ['1 ""', /no text/u],
    ["1", /weight|no text/u],
    ['1 regex,lune "x"', /no validator "lune".*cardnumber/u],
    ['1 required exclude "x"', /either/u],
    ["1 hash 9EBD30E761ED4FF770A90DDBD5CB4190 a.pdf", /Fingerprints/u],
    ["1 regex a # b", /not clear/u],
    [`1 "${"x".repeat(3_000)}"`, /3004 characters, more than 2000/u],
    ['1 regex "(?<=a)b"', /look-behind/u],
    ['1 regex "a(?!b)"', /[Ll]ook-ahead/u],
    ['1 regex "(a)\\1"', /[Bb]ack-references/u],
    ['1 regex "a++"', /[Pp]ossessive/u],
    ['1 regex "("', /cannot be read.*missing closing \)/u],
    ['1 regex "a*"', /matches empty text/u],
    ['1 regex "\\b"', /matches empty text/u],
    ['1 regex "(?:a{1,40}b?){20}"', /too large/u],
    [`1 "${"x ".repeat(65)}"`, /65 words/u],
    ['1 "\u200b"', /no visible character|no text/u],
  ])("mistake %#", (source, sentence) => {
    const result = readDictionary("d", `# first\n${source}\n2 "good"`);

    expect(result).toMatchObject({
      kind: "wrong",
      errors: [{ number: 2, sentence: expect.stringMatching(sentence) }],
    });
  });

  test("all of a file at once, and nothing of it is taken", () => {
    const result = readDictionary("d", '1 "a"\nx\n1 regex "("\n1 "b');

    expect(result.kind === "wrong" && result.errors.map(({ number }) => number)).toEqual([2, 4]);
  });
});

test("what is printed reads back as the same lines", () => {
  const text = fc
    .string({ unit: "grapheme", minLength: 1, maxLength: 30 })
    .map((value) => value.replace(/[\r\n\u2028\u2029]/gu, " "))
    .filter((value) => value.trim() !== "");
  const validators = fc.array(fc.constantFrom<ValidatorName>("iban", "luhn"), { maxLength: 2 });
  const pattern = fc.oneof(
    text.map((value) => ({ kind: "phrase" as const, text: value })),
    fc.record({
      kind: fc.constant("expression" as const),
      source: fc.constantFrom('a"b', "\\d+\\\\", 'x\\"y', "#[ ]"),
      validators,
    }),
  );
  const line = fc.record({
    number: fc.constant(1),
    weight: fc.nat(100),
    maxScore: fc.option(fc.nat(100)),
    role: fc.constantFrom("counted" as const, "required" as const, "exclude" as const),
    pattern,
    comment: fc.option(fc.constantFrom("why", "a # b")),
  });

  fc.assert(
    fc.property(line, (made) => {
      const printed = printLine(made);
      expect(printLine(read(printed))).toBe(printed);
      if (made.pattern.kind === "phrase") expect(read(printed)).toEqual(made);
    }),
  );
  const file = '# head\n\n1:3 required regex,iban "x" # why\n';
  const entries = parseDictionary(file);
  expect(entries.kind === "read" && printDictionary(entries.entries)).toBe(file);
});
