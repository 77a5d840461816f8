/**
 * The environment of an edge function, parsed once at its start: whatever is wrong with it is said at once, by name, and
 * never with a value.
 */

import { normaliseDomain } from "@sealpost/shared/address.ts";
import { type Bytes, fromB64, isUuid } from "@sealpost/shared/bytes.ts";
import { fromPkcs8, PUBLIC_KEY_BYTES } from "@sealpost/shared/crypto/bare-key.ts";
import type { BareKey } from "@sealpost/shared/crypto/primitives.ts";

/** Gives a variable by name. A function, because Deno lets a process read only the names that it was allowed. */
export type ReadVariable = (name: string) => string | undefined;

/** Reads variables and remembers what is wrong. Values are good only after `finish` has returned. */
export interface Environment {
  text(name: string): string;
  url(name: string, protocols: readonly string[]): URL;
  uuid(name: string): string;
  domain(name: string): string;
  /** Standard base64 of exactly that many bytes; of any number where `length` is undefined. */
  bytes(name: string, length?: number): Bytes;
  publicKey(name: string): Bytes;
  /** A P-256 key as PKCS #8 in base64. */
  privateKey(name: string): BareKey;
  /** Throws one error that names everything that is missing or wrong. */
  finish(): void;
}

/** Bytes of the pepper and of the key of attempts. */
export const SECRET_BYTES = 32;

const NO_KEY: BareKey = { scalar: new Uint8Array(), publicKey: new Uint8Array() };

export const HTTP = ["http:", "https:"] as const;

export function openEnvironment(read: ReadVariable): Environment {
  const problems: string[] = [];
  const parsed = <T>(name: string, parse: (text: string) => T | undefined, wanted: string, instead: T): T => {
    const text = read(name)?.trim() ?? "";
    const value = text === "" ? undefined : parse(text);
    if (value === undefined) problems.push(text === "" ? `${name} is missing` : `${name} is not ${wanted}`);
    return value ?? instead;
  };
  const bytes = (name: string, length?: number): Bytes =>
    parsed(
      name,
      (text) => bytesOfLength(text, length),
      length === undefined ? "base64" : `base64 of ${length} bytes`,
      new Uint8Array(),
    );
  return {
    text: (name) => parsed(name, (text) => text, "a text", ""),
    url: (name, protocols) =>
      parsed(
        name,
        (text) => urlOf(text, protocols),
        `a URL (${protocols.join(" or ")})`,
        new URL("invalid:"),
      ),
    uuid: (name) => parsed(name, (text) => (isUuid(text) ? text : undefined), "a UUID", ""),
    domain: (name) => parsed(name, normaliseDomain, "a domain", ""),
    bytes,
    publicKey: (name) => bytes(name, PUBLIC_KEY_BYTES),
    privateKey: (name) => parsed(name, privateKeyOf, "a P-256 key (PKCS #8 in base64)", NO_KEY),
    finish() {
      if (problems.length > 0) throw new Error(`The edge function cannot start: ${problems.join("; ")}.`);
    },
  };
}

function privateKeyOf(text: string): BareKey | undefined {
  const bytes = fromB64(text);
  return bytes === undefined ? undefined : fromPkcs8(bytes);
}

function urlOf(text: string, protocols: readonly string[]): URL | undefined {
  const url = URL.parse(text);
  return url !== null && protocols.includes(url.protocol) ? url : undefined;
}

function bytesOfLength(text: string, length: number | undefined): Bytes | undefined {
  const bytes = fromB64(text);
  return length === undefined || bytes?.length === length ? bytes : undefined;
}
