import { expect, test } from "vitest";
import { OPEN_CONTROLS } from "../wire/controls.ts";
import { applyTag } from "./apply.ts";

const DAY = 86_400_000;
const weekly = { controls: OPEN_CONTROLS, expiresAfterMs: 7 * DAY };

test("no options leave the definition as it is", () => {
  expect(applyTag(weekly, {}, "chosen")).toEqual(weekly);
});

test("each option takes away what it names, and nothing else", () => {
  const terms = applyTag(
    weekly,
    { noPrint: true, noReplyAll: true, watermark: true, receipt: true },
    "chosen",
  );

  expect(terms.controls).toEqual({
    ...OPEN_CONTROLS,
    print: false,
    replyAll: false,
    watermark: true,
    receipt: true,
  });
});

test("no-reply shuts reply all too", () => {
  expect(applyTag(weekly, { noReply: true }, "chosen").controls).toMatchObject({
    reply: false,
    replyAll: false,
  });
});

test("once is one view, online", () => {
  expect(applyTag(weekly, { once: true }, "chosen").controls).toMatchObject({
    viewLimit: 1,
    onlineOnly: true,
  });
});

test("once does not loosen or lift a limit that is there, nor does silence", () => {
  const strict = { ...weekly, controls: { ...OPEN_CONTROLS, viewLimit: 1, print: false, onlineOnly: true } };

  expect(applyTag(strict, { once: true, receipt: true }, "chosen").controls).toMatchObject({
    viewLimit: 1,
    print: false,
  });
});

test("Ann may choose a longer time for a mail that she secures herself", () => {
  expect(applyTag(weekly, { expiresAfterMs: 30 * DAY }, "chosen").expiresAfterMs).toBe(30 * DAY);
});

test("Ann may not lengthen what a rule decided, but shorten it", () => {
  expect(applyTag(weekly, { expiresAfterMs: 30 * DAY }, "bounded").expiresAfterMs).toBe(7 * DAY);
  expect(applyTag(weekly, { expiresAfterMs: DAY }, "bounded").expiresAfterMs).toBe(DAY);
});

test("a time ends what would otherwise never end", () => {
  const forever = { ...weekly, expiresAfterMs: null };

  expect(applyTag(forever, { expiresAfterMs: DAY }, "bounded").expiresAfterMs).toBe(DAY);
});
