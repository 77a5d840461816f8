/**
 * Shapes of the words that an operator types.
 */

const domainShape = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+$/;
const longestDomain = 253; // RFC 1035, section 2.3.4

/** Whether a text is a mail domain in lower-case ASCII, as the database demands it too. */
export function isDomain(text: string): boolean {
  return text.length <= longestDomain && domainShape.test(text);
}

/** Whether a text is one line of 1 to `longest` characters without control characters. */
export function isOneLine(text: string, longest: number): boolean {
  return text.length > 0 && text.length <= longest && !/\p{Cc}/u.test(text);
}
