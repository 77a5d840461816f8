import { inspect } from "node:util";
import postgres from "postgres";
import { expect, test } from "vitest";
import { asPostgrest, statusOf } from "./errors.ts";

const errorOf = (fields: object) => Object.assign(new postgres.PostgresError("x"), fields);

test("an exception of ours is the caller's mistake, a broken database is not", () => {
  expect(statusOf("P0001")).toBe(400);
  expect(statusOf("23514")).toBe(400);
  expect(statusOf("ZZ001")).toBe(400);
  expect(statusOf("57014")).toBe(500);
  expect(statusOf("P0002")).toBe(500);
  expect(statusOf("53300")).toBe(503);
  expect(statusOf("28000")).toBe(403);
});

test("what lite answers well is left to it", () => {
  for (const code of ["42501", "23505", "PT409", "22P02"]) {
    const error = errorOf({ code });
    expect(statusOf(code)).toBeNull();
    expect(asPostgrest(error)).toBe(error);
  }
});

test("code, message, detail and hint are all passed on, and none is printed", () => {
  const passedOn = asPostgrest(errorOf({ code: "P0001", message: "No.", detail: "secret", hint: "ask" }));

  expect(passedOn).toMatchObject({
    code: "PGRST",
    message: '{"code":"P0001","message":"No.","details":"secret","hint":"ask"}',
    detail: '{"status":400,"headers":{}}',
  });
  expect(inspect(passedOn)).toBe("[the database answered P0001]");
});

test("a database that is away is told apart from one that refuses", () => {
  const gone = Object.assign(new Error("write CONNECTION_CLOSED 127.0.0.1:54322"), {
    code: "CONNECTION_CLOSED",
  });

  expect(asPostgrest(gone)).toMatchObject({ code: "PGRST", detail: '{"status":503,"headers":{}}' });
});

test("an error that is not the database's stays what it is", () => {
  const error = new Error("else");

  expect(asPostgrest(error)).toBe(error);
});
