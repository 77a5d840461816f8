/**
 * Times as people say them. Pure: "now", the locale and the time zone come in as arguments.
 */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** From here on an expiry is told in the warning colour. */
const EXPIRES_SOON = DAY;

/** How and where times are said; `timeZone` undefined means the device's own. */
export interface Locale {
  readonly language: string;
  readonly timeZone?: string | undefined;
}

/** The first English among the reader's languages, since the app speaks English, with their date order. */
export function chooseLocale(languages: readonly string[]): Locale {
  return { language: languages.find((language) => language.toLowerCase().startsWith("en")) ?? "en-GB" };
}

function format(at: number, locale: Locale, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(locale.language, { ...options, timeZone: locale.timeZone }).format(at);
}

/** The calendar day at that place, as a number that can be subtracted. */
function dayNumber(at: number, locale: Locale): number {
  const parts = new Intl.DateTimeFormat("en-US", {
    timeZone: locale.timeZone,
    year: "numeric",
    month: "numeric",
    day: "numeric",
  }).formatToParts(at);
  const part = (type: string): number => Number(parts.find((one) => one.type === type)?.value);
  return Date.UTC(part("year"), part("month") - 1, part("day")) / DAY;
}

function yearOf(at: number, locale: Locale): string {
  return format(at, locale, { year: "numeric" });
}

/** "10:42" */
export function clockTime(at: number, locale: Locale): string {
  return format(at, locale, { timeStyle: "short" });
}

/** "24 Nov", with the year when it is another one. */
export function shortDay(at: number, now: number, locale: Locale): string {
  const year = yearOf(at, locale) === yearOf(now, locale) ? {} : ({ year: "numeric" } as const);
  return format(at, locale, { day: "numeric", month: "short", ...year });
}

/** For a list: "10:42" today, "Mon" within the last week, else "24 Nov". */
export function listTime(at: number, now: number, locale: Locale): string {
  const daysAgo = dayNumber(now, locale) - dayNumber(at, locale);
  if (daysAgo === 0) return clockTime(at, locale);
  if (daysAgo > 0 && daysAgo < 7) return format(at, locale, { weekday: "short" });
  return shortDay(at, now, locale);
}

/** In a sentence: "today at 10:42", "yesterday at 10:42", "on 24 Nov at 10:42". */
export function spokenTime(at: number, now: number, locale: Locale): string {
  const daysAgo = dayNumber(now, locale) - dayNumber(at, locale);
  const time = clockTime(at, locale);
  if (daysAgo === 0) return `today at ${time}`;
  if (daysAgo === 1) return `yesterday at ${time}`;
  if (daysAgo === -1) return `tomorrow at ${time}`;
  return `on ${shortDay(at, now, locale)} at ${time}`;
}

/** On demand: "Tuesday, 24 November 2026 at 10:42:00 UTC". */
export function exactTime(at: number, locale: Locale): string {
  return format(at, locale, { dateStyle: "full", timeStyle: "long" });
}

/** "6 days", "5 hours", "12 minutes", "less than a minute"; rounded down, so that it never promises too much. */
export function span(milliseconds: number): string {
  const [count, unit] =
    milliseconds >= DAY
      ? [Math.floor(milliseconds / DAY), "day"]
      : milliseconds >= HOUR
        ? [Math.floor(milliseconds / HOUR), "hour"]
        : [Math.floor(milliseconds / MINUTE), "minute"];
  if (count < 1) return "less than a minute";
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}

export interface ExpiryWords {
  text: string;
  soon: boolean;
}

/** "expires in 6 days", and whether that is less than a day away; null when it never expires. */
export function expiryWords(expiresAt: number | null, now: number): ExpiryWords | null {
  if (expiresAt === null) return null;
  const left = expiresAt - now;
  if (left <= 0) return { text: "expired", soon: true };
  return { text: `expires in ${span(left)}`, soon: left < EXPIRES_SOON };
}
