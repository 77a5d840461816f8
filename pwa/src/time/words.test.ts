import { expect, test } from "vitest";
import { chooseLocale, expiryWords, listTime, shortDay, span, spokenTime } from "./words.ts";

const london = { language: "en-GB", timeZone: "Europe/London" };
const at = (iso: string): number => Date.parse(iso);
const now = at("2026-11-24T12:00:00Z");

test("a list says the time for today, the weekday for this week, else the date", () => {
  expect(listTime(at("2026-11-24T10:42:00Z"), now, london)).toBe("10:42");
  expect(listTime(at("2026-11-23T10:42:00Z"), now, london)).toBe("Mon");
  expect(listTime(at("2026-11-18T10:42:00Z"), now, london)).toBe("Wed");
  expect(listTime(at("2026-11-17T10:42:00Z"), now, london)).toBe("17 Nov");
  expect(listTime(at("2025-11-24T10:42:00Z"), now, london)).toBe("24 Nov 2025");
});

test("today is the reader's day, not Greenwich's", () => {
  const auckland = { language: "en-NZ", timeZone: "Pacific/Auckland" };
  const lateEvening = at("2026-11-24T10:30:00Z"); // 23:30 in Auckland

  expect(spokenTime(lateEvening, at("2026-11-24T10:59:00Z"), auckland)).toMatch(/^today at/);
  expect(spokenTime(lateEvening, at("2026-11-24T11:01:00Z"), auckland)).toMatch(/^yesterday at/);
});

test("in sentences, near days have names", () => {
  expect(spokenTime(at("2026-11-24T10:42:00Z"), now, london)).toBe("today at 10:42");
  expect(spokenTime(at("2026-11-23T23:59:00Z"), now, london)).toBe("yesterday at 23:59");
  expect(spokenTime(at("2026-11-25T00:01:00Z"), now, london)).toBe("tomorrow at 00:01");
  expect(spokenTime(at("2026-12-01T10:42:00Z"), now, london)).toBe("on 1 Dec at 10:42");
});

test("a span never promises more than there is", () => {
  expect(span(6 * 86_400_000 + 86_399_999)).toBe("6 days");
  expect(span(86_400_000)).toBe("1 day");
  expect(span(86_399_999)).toBe("23 hours");
  expect(span(3_599_999)).toBe("59 minutes");
  expect(span(60_000)).toBe("1 minute");
  expect(span(59_999)).toBe("less than a minute");
});

test("an expiry warns in its last day, and says nothing when there is none", () => {
  expect(expiryWords(null, now)).toBeNull();
  expect(expiryWords(now + 86_400_000, now)).toEqual({ text: "expires in 1 day", soon: false });
  expect(expiryWords(now + 86_399_000, now)).toEqual({ text: "expires in 23 hours", soon: true });
  expect(expiryWords(now, now)).toEqual({ text: "expired", soon: true });
});

test("a German reader gets English words in British order, an American their own", () => {
  expect(chooseLocale(["de-DE", "fr"])).toEqual({ language: "en-GB" });
  expect(shortDay(at("2026-11-24T10:42:00Z"), now, chooseLocale(["de", "en-US"]))).toBe("Nov 24");
});
