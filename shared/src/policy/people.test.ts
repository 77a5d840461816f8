import { expect, test } from "vitest";
import { isAmong, type People, readPeople } from "./people.ts";

function people(...members: string[]): People {
  const read = readPeople(members);
  if (read.kind === "wrong") throw new Error(read.members.join());
  return read.people;
}

test("Ann is meant by her address in any spelling, her neighbour is not", () => {
  const ann = people("Ann@ACME.example");

  expect(isAmong(ann, "ann@acme.example")).toBe(true);
  expect(isAmong(ann, "anna@acme.example")).toBe(false);
});

test("a domain means itself; with a dot in front all below it too, but never its look-alikes", () => {
  const [alone, whole] = [people("acme.example"), people(".acme.example")];

  expect(isAmong(alone, "ann@acme.example")).toBe(true);
  expect(isAmong(alone, "ann@lab.acme.example")).toBe(false);
  expect(isAmong(whole, "ann@acme.example")).toBe(true);
  expect(isAmong(whole, "ann@deep.lab.acme.example")).toBe(true);
  expect(isAmong(whole, "ann@notacme.example")).toBe(false);
  expect(isAmong(whole, "ann@acme.example.evil.example")).toBe(false);
});

test("an international domain is met in either of its spellings", () => {
  expect(isAmong(people("bücher.example"), "ann@xn--bcher-kva.example")).toBe(true);
});

test("what is neither an address nor a domain is named", () => {
  expect(readPeople(["acme.example", "no domain", "@"])).toEqual({
    kind: "wrong",
    members: ["no domain", "@"],
  });
});
