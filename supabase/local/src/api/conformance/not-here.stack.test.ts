/** What is not here says so; nothing looks like an empty success. */
import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { absent } from "./not-here.ts";
import { type TemporaryApi, temporaryApi } from "./temporary-api.ts";

let api: TemporaryApi;

beforeAll(async () => {
  api = await temporaryApi();
});

afterAll(() => api.stop());

const askable = absent.flatMap(({ name, ask }) => (ask === null ? [] : [{ name, ask }]));

test.each(askable)("$name answers that it is not here", async ({ ask }) => {
  const answer = await fetch(`${api.url}${ask.path}`, {
    method: ask.method,
    redirect: "manual",
    headers: {
      apikey: api.serviceRoleKey,
      authorization: `Bearer ${api.serviceRoleKey}`,
      "content-type": "application/json",
    },
    ...(ask.body === undefined ? {} : { body: JSON.stringify(ask.body) }),
  });

  expect([404, 501]).toContain(answer.status);
  expect(await answer.json()).toHaveProperty("message");
});

test("the README names each of them, and no other", async () => {
  const readme = await readFile(new URL("../../../README.md", import.meta.url), "utf8");
  const section = readme.split("## Not here")[1]?.split("\n## ")[0] ?? "";
  const rows = section.split("\n").filter((line) => line.startsWith("| ") && !line.startsWith("| What"));

  expect(rows.map((row) => row.split("|")[1]?.trim())).toEqual(absent.map(({ name }) => name));
});
