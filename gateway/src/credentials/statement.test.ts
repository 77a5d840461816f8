import { expect, test } from "vitest";
import { credentialStatement } from "./statement.ts";

const hash = "$scrypt$x";

test("an administrator gets one statement with what was normalised, and quotes stay quotes", () => {
  const made = credentialStatement({
    login: "O'Neil",
    addresses: ["O'Neil@Acme.Example", "@ACME.example"],
    hash,
  });

  expect(made).toMatchObject({
    kind: "statement",
    sql: expect.stringContaining(
      "values ('o''neil', '$scrypt$x', array['o''neil@acme.example', '@acme.example'])",
    ),
  });
});

test("a login without addresses, or with one that is none, gets a sentence", () => {
  for (const [login, addresses] of [
    ["", ["@acme.example"]],
    ["relay", []],
    ["re lay", ["@acme.example"]],
    ["relay", ["acme.example"]],
    ["relay", ["@"]],
  ] as const)
    expect(credentialStatement({ login, addresses, hash })).toMatchObject({
      kind: "wrong",
      sentence: expect.stringMatching(/^.*@.*\.$/),
    });
});
