/**
 * E-mail addresses as people have them (RFC 5321 without quoted local parts and address literals).
 */

const LOCAL = /^[\p{L}\p{N}!#$%&'*+/=?^_`{|}~-]+(?:\.[\p{L}\p{N}!#$%&'*+/=?^_`{|}~-]+)*$/u;
const LABEL = /^[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?$/u;
const TOP_LEVEL = /^(?:xn--[a-z0-9-]+|\p{L}{2,63})$/iu;

/** Whether the text is an address that mail can be sent to. */
export function isEmailAddress(text: string): boolean {
  const at = text.lastIndexOf("@");
  const local = text.slice(0, at);
  const labels = text.slice(at + 1).split(".");
  if (at < 1 || text.length > 254 || local.length > 64 || labels.length < 2) return false;
  return (
    LOCAL.test(local) && labels.every((label) => LABEL.test(label)) && TOP_LEVEL.test(labels.at(-1) ?? "")
  );
}
