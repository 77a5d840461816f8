import { expect, test } from "vitest";
import { givesUpAfterMs, judgeHandOver } from "./retry.ts";

const [ann, bob] = ["ann@acme.example", "bob@acme.example"];
const no = { code: 550, text: "5.1.1 no such user" };
const later = { code: 451, text: "4.2.0 greylisted" };
const yes = { code: 250, text: "2.0.0 ok" };
const young = { ageMs: 0, attempts: 1 };

test("Ann has it, Bob does not exist: done and failed, nothing to retry", () => {
  const fate = judgeHandOver(
    [ann, bob],
    { kind: "taken", reply: yes, refusals: [{ address: bob, reply: no }] },
    young,
  );

  expect(fate).toMatchObject({
    done: [ann],
    failed: [{ address: bob, reply: no }],
    error: "550 5.1.1 no such user",
  });
});

test("whoever is asked to come later is tried again, and less and less often", () => {
  const fates = [1, 2, 3, 20].map((attempts) =>
    judgeHandOver([ann], { kind: "refused", reply: later, refusals: [] }, { ageMs: 0, attempts }),
  );

  for (const fate of fates) expect(fate).toMatchObject({ done: [], failed: [] });
  expect(fates.map(({ retrySeconds }) => retrySeconds)).toEqual([60, 120, 240, 3_600]);
});

test("a next hop that is away fails nobody before two days, and everybody after", () => {
  const away = { kind: "away", what: "ECONNREFUSED" } as const;

  expect(judgeHandOver([ann], away, { ageMs: givesUpAfterMs, attempts: 9 }).failed).toEqual([]);
  expect(judgeHandOver([ann], away, { ageMs: givesUpAfterMs + 1, attempts: 9 }).failed).toHaveLength(1);
});
