/**
 * Mail addresses: what is one, and the one spelling under which accounts, keys and salts know it.
 *
 * Pure; takes hostile text without throwing. Two spellings that reach the same mailbox in practice (case, Unicode forms,
 * an international domain and its ASCII form, needless quotes) become one.
 */
import { utf8 } from "./bytes.ts";

/** What a text is as a mail address. `address` is the normalised whole, `local` and `domain` its halves. */
export type ParsedAddress =
  | { kind: "address"; address: string; local: string; domain: string }
  | { kind: "not-an-address"; why: string };

/** RFC 5321 section 4.5.3.1: octets of a local part, of a domain, and of a path without its angle brackets. */
const LOCAL_OCTETS = 64;
const DOMAIN_OCTETS = 253;
const ADDRESS_OCTETS = 254;

/** Longer texts are refused unread, so that hostile ones cost nothing. */
const TEXT_CHARACTERS = 1_000;

/** RFC 5321 dot-string, with RFC 6531's "any character beyond ASCII". */
const DOT_STRING =
  /^[\w!#$%&'*+/=?^`{|}~\-\u{80}-\u{10ffff}]+(?:\.[\w!#$%&'*+/=?^`{|}~\-\u{80}-\u{10ffff}]+)*$/u;
const QUOTED = /^"((?:[^"\\]|\\.)*)"$/su;

/** Controls, invisible and direction-changing characters, unassigned ones, lone surrogates, and spaces beyond ASCII's. */
const DECEPTIVE = /[\p{Cc}\p{Cf}\p{Cn}\p{Co}\p{Cs}\p{Zl}\p{Zp}]|(?! )\p{Zs}/u;
const DOMAIN_TEXT = /^[\p{L}\p{M}\p{N}.。．｡-]+$/u;
const ASCII_DOMAIN =
  /^(?=.*[a-z])(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/;
const IPV4_LIKE = /(?:^|\.)(?:\d+|0x[0-9a-f]*)$/;

/**
 * Reads a mail address (addr-spec of RFC 5321, international by RFC 6531) and normalises it: trimmed, lower case, local part in
 * NFC and without needless quotes, domain in ASCII (Punycode).
 *
 * Address literals (`user@[192.0.2.1]`) are not addresses here: nobody owns one for long enough to have a key.
 */
export function parseAddress(text: string): ParsedAddress {
  if (text.length > TEXT_CHARACTERS) return notAnAddress("it is too long");
  const trimmed = text.trim();
  const at = trimmed.lastIndexOf("@");
  if (at < 1) return notAnAddress("it has no name before an @");
  if (DECEPTIVE.test(trimmed)) return notAnAddress("it holds characters that cannot be seen");
  const local = normaliseLocal(trimmed.slice(0, at));
  if (local === undefined) return notAnAddress("the part before the @ is not a mail name");
  const domain = normaliseDomain(trimmed.slice(at + 1));
  if (domain === undefined) return notAnAddress("the part after the @ is not a domain");
  const address = `${local}@${domain}`;
  if (utf8(address).length > ADDRESS_OCTETS) return notAnAddress("it is too long");
  return { kind: "address", address, local, domain };
}

/** The normalised spelling of an address, or undefined where the text is none. */
export function normaliseAddress(text: string): string | undefined {
  const parsed = parseAddress(text);
  return parsed.kind === "address" ? parsed.address : undefined;
}

/** The domain of a *normalised* address, in ASCII and lower case; of a bare domain, itself. */
export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf("@") + 1);
}

/** A domain as addresses carry it: lower case, ASCII; undefined where the text is no domain. */
export function normaliseDomain(text: string): string | undefined {
  if (text.length > TEXT_CHARACTERS || !DOMAIN_TEXT.test(text)) return undefined;
  const ascii = toAscii(text);
  if (ascii === undefined || ascii.length > DOMAIN_OCTETS) return undefined;
  return ASCII_DOMAIN.test(ascii) && !IPV4_LIKE.test(ascii) ? ascii : undefined;
}

/** IDNA as browsers do it (UTS 46), by the URL parser that every runtime has. */
function toAscii(domain: string): string | undefined {
  try {
    return new URL(`http://${domain}`).hostname;
  } catch {
    return undefined;
  }
}

function normaliseLocal(raw: string): string | undefined {
  const folded = raw.normalize("NFC").toLowerCase().normalize("NFC");
  if (utf8(folded).length > LOCAL_OCTETS) return undefined;
  if (DOT_STRING.test(folded)) return folded;
  const content = QUOTED.exec(folded)?.[1]?.replaceAll(/\\(.)/gsu, "$1");
  if (content === undefined || content === "") return undefined;
  return DOT_STRING.test(content) ? content : `"${content.replaceAll(/["\\]/g, "\\$&")}"`;
}

function notAnAddress(why: string): ParsedAddress {
  return { kind: "not-an-address", why };
}
