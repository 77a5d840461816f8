/**
 * People as policies name them: single addresses, domains, and domains with all of their subdomains.
 */
import { domainOf, normaliseAddress, normaliseDomain } from "../address.ts";

export type People = {
  readonly addresses: ReadonlySet<string>;
  readonly domains: ReadonlySet<string>;
  /** Those written with a leading dot: the domain and everything below it. */
  readonly wholeDomains: ReadonlySet<string>;
};

export type ReadPeople =
  | { kind: "people"; people: People }
  /** The members that are neither an address nor a domain. */
  | { kind: "wrong"; members: readonly string[] };

/** Reads `ann@acme.example`, `acme.example` or `.acme.example`, in any spelling of letters and scripts. */
export function readPeople(members: readonly string[]): ReadPeople {
  const addresses = new Set<string>();
  const domains = new Set<string>();
  const wholeDomains = new Set<string>();
  const wrong = members.filter((member) => {
    const whole = member.startsWith(".");
    const set = member.includes("@") ? addresses : whole ? wholeDomains : domains;
    const read = member.includes("@")
      ? normaliseAddress(member)
      : normaliseDomain(whole ? member.slice(1) : member);
    if (read !== undefined) set.add(read);
    return read === undefined;
  });
  if (wrong.length > 0) return { kind: "wrong", members: wrong };
  return { kind: "people", people: { addresses, domains, wholeDomains } };
}

/** Whether a *normalised* address is among them. */
export function isAmong(people: People, address: string): boolean {
  const domain = domainOf(address);
  return people.addresses.has(address) || people.domains.has(domain) || isBelow(people.wholeDomains, domain);
}

function isBelow(wholeDomains: ReadonlySet<string>, domain: string): boolean {
  if (wholeDomains.size === 0) return false;
  for (let rest = domain; ; rest = rest.slice(rest.indexOf(".") + 1)) {
    if (wholeDomains.has(rest)) return true;
    if (!rest.includes(".")) return false;
  }
}
