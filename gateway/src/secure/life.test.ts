import { OPEN_CONTROLS } from "@sealpost/shared/wire/controls.ts";
import { expect, test } from "vitest";
import { lifeOf } from "./life.ts";

const day = 86_400_000;
const now = 1_800_000_000_000;
const definition = {
  name: "30-days",
  controls: OPEN_CONTROLS,
  expiresAfterMs: 30 * day,
  sealsForEverybody: false,
  tellsSender: false,
  label: null,
};

test("a message lives as its definition says, and can be extended up to the maximum", () => {
  expect(lifeOf({ expiresAfterMs: 30 * day, definition }, 365 * day, now)).toEqual({
    kind: "life",
    expiresAtMs: now + 30 * day,
    latestExpiryMs: now + 365 * day,
  });
});

test("'never' is as long as the organisation allows", () => {
  expect(lifeOf({ expiresAfterMs: null, definition }, 365 * day, now)).toMatchObject({
    expiresAtMs: now + 365 * day,
  });
  expect(lifeOf({ expiresAfterMs: null, definition }, null, now)).toEqual({
    kind: "life",
    expiresAtMs: null,
    latestExpiryMs: null,
  });
});

test("a sender who asks for more is told the maximum; a definition that does is cut to it", () => {
  expect(lifeOf({ expiresAfterMs: 31 * day, definition }, 7 * day, now)).toMatchObject({
    kind: "too-long",
    tellSender: expect.stringContaining("7d"),
  });
  expect(lifeOf({ expiresAfterMs: 30 * day, definition }, 7 * day, now)).toMatchObject({
    expiresAtMs: now + 7 * day,
  });
});
