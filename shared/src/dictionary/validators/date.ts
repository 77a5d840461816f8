/**
 * Dates as written in letters: 1980-02-29, 29.02.1980, 02/29/1980, 29 February 1980, Feb 29, 1980.
 */

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const FIRST_YEAR = 1900;
const LAST_YEAR = 2099;

/** Whether the text is a day of the calendar from 1900 to 2099. Day and month may stand in either order. */
export function isDate(text: string): boolean {
  const words = text.trim().toLowerCase();
  const iso = /^(\d{4})([-./]?)(\d{1,2})\2(\d{1,2})$/u.exec(words);
  if (iso !== null) return isDay(iso[1], iso[3], iso[4]);
  const numbers = /^(\d{1,2})([-./ ])(\d{1,2})\2(\d{4})$/u.exec(words);
  if (numbers !== null)
    return isDay(numbers[4], numbers[3], numbers[1]) || isDay(numbers[4], numbers[1], numbers[3]);
  const dayFirst = /^(\d{1,2})(?:st|nd|rd|th)?[ .-]+(?:of )?([a-z]{3,9})[ .,-]+(\d{4})$/u.exec(words);
  if (dayFirst !== null) return isDay(dayFirst[3], monthNumber(dayFirst[2]), dayFirst[1]);
  const monthFirst = /^([a-z]{3,9})[ .]+(\d{1,2})(?:st|nd|rd|th)?,? +(\d{4})$/u.exec(words);
  return monthFirst !== null && isDay(monthFirst[3], monthNumber(monthFirst[1]), monthFirst[2]);
}

function monthNumber(name = ""): string {
  return String(MONTHS.indexOf(name.slice(0, 3)) + 1);
}

function isDay(yearDigits = "", monthDigits = "", dayDigits = ""): boolean {
  const [year, month, day] = [Number(yearDigits), Number(monthDigits), Number(dayDigits)];
  if (year < FIRST_YEAR || year > LAST_YEAR || month < 1 || month > 12 || day < 1) return false;
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return day <= (DAYS[month - 1] ?? 0) + (leap && month === 2 ? 1 : 0);
}
