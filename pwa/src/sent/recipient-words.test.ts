import { expect, test } from "vitest";
import type { RecipientRow } from "../backend/backend.ts";
import { recipientWords } from "./recipient-words.ts";

const locale = { language: "en-GB", timeZone: "UTC" };
const now = Date.parse("2026-11-24T12:00:00Z");
const at = (time: string): string => `2026-11-24T${time}:00Z`;
const stored: RecipientRow = {
  ...{ delivery_id: "1", address: "bob@example.org", kind: "to", channel: "sealed" },
  ...{ stored_at: at("08:00"), notified_at: null, notice_state: "due", notice_error: null, bounced_at: null },
  ...{ delivered_at: null, first_opened_at: null, last_opened_at: null, open_count: 0 },
  ...{ expired_at: null, recalled_at: null },
};
const notified = { ...stored, notified_at: at("08:01"), notice_state: "sent" } as const;
const opened = { ...notified, first_opened_at: at("09:00"), last_opened_at: at("09:00"), open_count: 1 };
const summary = (row: RecipientRow) => recipientWords(row, now, locale).summary;
const done = (row: RecipientRow) =>
  recipientWords(row, now, locale).steps.map((step) => (step.done ? step.name : "-"));

test("the sender sees a message go from stored to opened", () => {
  expect(summary(stored)).toBe("Not notified yet");
  expect(done(stored)).toEqual(["Stored", "-", "-", "-"]);
  expect(summary(notified)).toBe("Not opened yet");
  expect(done(notified)).toEqual(["Stored", "Notified", "-", "-"]);
  expect(summary(opened)).toBe("Opened today at 09:00");
  expect(done(opened)).toEqual(["Stored", "Notified", "Delivered", "Opened"]);
});

test("opening again is counted", () => {
  expect(summary({ ...opened, open_count: 3, last_opened_at: at("11:00") })).toBe(
    "Opened today at 09:00, 3 times in all, last today at 11:00",
  );
});

test("expired unread is told apart from expired after reading", () => {
  expect(summary({ ...notified, expired_at: at("10:00") })).toBe("Expired unread today at 10:00");
  expect(summary({ ...opened, expired_at: at("10:00") })).toBe("Opened today at 09:00");
});

test("a recall says whether it came in time", () => {
  expect(summary({ ...notified, recalled_at: at("10:00") })).toMatch(/without having been opened$/);
  expect(summary({ ...opened, recalled_at: at("10:00") })).toMatch(/but it was opened today at 09:00$/);
});

test("a bounced or failed notice says what to do", () => {
  const bounced = recipientWords(
    { ...stored, notice_state: "bounced", bounced_at: at("08:02") },
    now,
    locale,
  );
  const failed = recipientWords({ ...stored, notice_state: "failed" }, now, locale);

  expect(bounced.summary).toBe("The notice did not arrive");
  expect(bounced.trouble).toMatch(/Check the address/);
  expect(bounced.steps[1]).toMatchObject({ done: false, when: "did not arrive" });
  expect(failed.trouble).toBeTruthy();
});

test("a recipient who signed in from the portal's address, though the notice bounced, has opened it", () => {
  expect(summary({ ...opened, notice_state: "bounced" })).toBe("Opened today at 09:00");
});

test("a colleague got ordinary mail, which cannot be followed", () => {
  expect(recipientWords({ ...stored, channel: "mail" }, now, locale).steps.map((step) => step.name)).toEqual([
    "Passed on",
  ]);
});
