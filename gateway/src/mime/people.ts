/**
 * Addresses in header fields (From, To, Cc, …) as people: decoded names, clean addresses.
 */

import type { Person } from "@sealpost/shared/mail.ts";
import addressparser from "nodemailer/lib/addressparser";
import { decodeWords } from "./encoded-word.ts";
import { ADDRESSES_MAX } from "./limits.ts";

/** All people of the given fields; groups are opened, "undisclosed-recipients:;" is nobody. */
export function readPeople(fields: readonly string[]): Person[] {
  const people: Person[] = [];
  for (const field of fields) {
    for (const { name, address } of addressparser(field, { flatten: true })) {
      const person = { name: clean(decodeWords(name)), address: clean(address).replace(/\s/gu, "") };
      if (person.name !== "" || person.address !== "") people.push(person);
      if (people.length >= ADDRESSES_MAX) return people;
    }
  }
  return people;
}

function clean(text: string): string {
  return text
    .replace(/[\p{Cc}\u202A-\u202E\u2066-\u2069]+/gu, " ")
    .replace(/^['"](.*)['"]$/u, "$1")
    .trim();
}
