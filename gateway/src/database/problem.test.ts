import { expect, test } from "vitest";
import { problemOf } from "./problem.ts";

const coded = (code: string) => Object.assign(new Error("Key (subject)=(secret words)"), { code });

test("what comes back by itself is away, and what is our fault is not", () => {
  for (const code of ["ECONNREFUSED", "57P01", "53100", "08006", "25006", "57014", "28P01"])
    expect(problemOf("store", coded(code)).kind).toBe("away");
  expect(problemOf("store", new Error("Query read timeout")).kind).toBe("away");
  for (const code of ["23505", "42501", "22P02", "P0001"])
    expect(problemOf("store", coded(code)).kind).toBe("refused");
});

test("each of the schema's own codes asks for its own remedy", () => {
  expect(problemOf("store", coded("SP001")).kind).toBe("keys-changed");
  expect(problemOf("store", coded("SP002")).kind).toBe("upload-gone");
  expect(problemOf("store", coded("40P01")).kind).toBe("conflict");
});

test("a problem repeats nothing of what was to be stored", () => {
  const problem = problemOf("store_message", coded("23505"));

  expect(JSON.stringify({ ...problem, message: problem.message, cause: problem.cause })).not.toContain(
    "secret",
  );
});
