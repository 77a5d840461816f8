import { expect, test } from "vitest";
import { allMet, passwordRules } from "./password-rules.ts";
import { createGuesser } from "./strength.ts";

const guess = createGuesser(["bob.marsh@example.org", "Acme Health"]);
const judged = (password: string, repeated = password) =>
  passwordRules({ password, repeated, guess: guess(password) });
const met = (password: string, repeated = password) => judged(password, repeated).map((rule) => rule.met);

test("a few words in a row are enough, without signs or digits", () => {
  expect(allMet(judged("harbour violin marmalade"))).toBe(true);
});

test("signs and digits do not make a common password strong", () => {
  expect(met("P@ssw0rd123!")).toEqual([true, false, true]);
  expect(judged("P@ssw0rd123!")[1]?.hint).toBeTruthy();
});

test("a reader's own address and organisation are guessed first", () => {
  expect(met("bob.marsh2026")[1]).toBe(false);
  expect(met("AcmeHealth2026")[1]).toBe(false);
});

test("dictionary words and names alone are guessed", () => {
  expect(met("encyclopedia")[1]).toBe(false);
  expect(met("christopher1")[1]).toBe(false);
});

test("short ones and ones that were typed differently are told", () => {
  expect(met("xK9#mQ2")).toEqual([false, expect.any(Boolean), true]);
  expect(met("harbour violin marmalade", "harbour violin marmelade")[2]).toBe(false);
});

test("nothing is met before anything was typed, nor before the dictionaries are there", () => {
  expect(passwordRules({ password: "", repeated: "", guess: null }).some((rule) => rule.met)).toBe(false);
  expect(passwordRules({ password: "harbour violin marmalade", repeated: "", guess: null })[1]?.met).toBe(
    false,
  );
});

test("characters are counted as people see them", () => {
  expect(met("🦊🦊🦊🦊🦊")[0]).toBe(false);
});
