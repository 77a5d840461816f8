/**
 * Reading variables of the environment, collecting what is wrong with them.
 *
 * Each method gives something of the right type even where the variable is wrong, so that reading goes on and finds
 * everything; whoever reads must look at the problems before using anything.
 */
import { type Bytes, equalBytes, fromB64 } from "@sealpost/shared/bytes.ts";
import { fromPkcs8, PUBLIC_KEY_BYTES, SCALAR_BYTES } from "@sealpost/shared/crypto/bare-key.ts";
import type { BareKey } from "@sealpost/shared/crypto/primitives.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

export type Reader = {
  isSet(name: string): boolean;
  wrong(sentence: string): void;
  /** A text on one line; without a default it must be set. */
  text(name: string, usual?: string): string;
  choice<const T extends string>(name: string, choices: readonly T[], usual: T): T;
  port(name: string, usual: number): number;
  optionalPort(name: string): number | null;
  /** From 1 on. */
  whole(name: string, usual: number, most: number): number;
  /** An address whose protocol (with its colon) matches. */
  url(name: string, protocol: RegExp, example: string): string;
  bytes(name: string, length: number): Bytes;
  publicKey(name: string): Bytes;
  /** A private key whose public half is checked against the variable that holds it, where that is set. */
  privateKey(name: string, publicName: string): BareKey;
};

export function makeReader(env: Environment, problems: string[]): Reader {
  const read = (name: string) => env[name]?.trim() ?? "";
  const wrong = (sentence: string) => void problems.push(sentence);
  const text = (name: string, usual?: string) => {
    const value = read(name);
    if (value === "" && usual === undefined) wrong(`${name} is not set: give it a value.`);
    return value || (usual ?? "");
  };
  const bytes = (name: string, length: number) => {
    const decoded = decode(text(name), length);
    if (decoded === undefined && read(name) !== "")
      wrong(`${name} is not ${length} bytes in base64: copy it from the deployment's keys.`);
    return decoded ?? new Uint8Array(length);
  };
  return {
    isSet: (name) => read(name) !== "",
    wrong,
    text,
    choice: (name, choices, usual) => {
      const value = read(name);
      const chosen = choices.find((choice) => choice === value);
      if (chosen === undefined && value !== "") wrong(`${name} must be one of: ${choices.join(", ")}.`);
      return chosen ?? usual;
    },
    port: (name, usual) => port(name, read(name) || String(usual), wrong),
    optionalPort: (name) => (read(name) === "" ? null : port(name, read(name), wrong)),
    whole: (name, usual, most) => {
      const value = read(name) || String(usual);
      if (/^\d{1,9}$/.test(value) && Number(value) >= 1 && Number(value) <= most) return Number(value);
      wrong(`${name} is "${value}", but must be a whole number from 1 to ${most}.`);
      return usual;
    },
    url: (name, protocol, example) => {
      const value = text(name);
      const url = URL.parse(value);
      if (value !== "" && (url === null || !protocol.test(url.protocol) || url.hostname === ""))
        wrong(`${name} is no address of the right kind: write it as ${example}.`);
      return value;
    },
    bytes,
    publicKey: (name) => bytes(name, PUBLIC_KEY_BYTES),
    privateKey: (name, publicName) => {
      const bare = fromPkcs8(fromB64(text(name)) ?? new Uint8Array());
      if (bare === undefined && read(name) !== "")
        wrong(`${name} is no P-256 private key (PKCS #8, base64): copy it from the deployment's keys.`);
      const publicKey = fromB64(read(publicName));
      if (bare && publicKey?.length && !equalBytes(bare.publicKey, publicKey))
        wrong(`${name} and ${publicName} do not belong together: copy both from the same deployment's keys.`);
      return bare ?? { scalar: new Uint8Array(SCALAR_BYTES), publicKey: new Uint8Array(PUBLIC_KEY_BYTES) };
    },
  };
}

function decode(text: string, length: number): Bytes | undefined {
  const bytes = fromB64(text);
  return bytes?.length === length ? bytes : undefined;
}

function port(name: string, value: string, wrong: (sentence: string) => void): number {
  const number = Number(value);
  if (/^\d{1,5}$/.test(value) && number >= 1 && number <= 65_535) return number;
  wrong(`${name} is "${value}", but must be a port from 1 to 65535: set it to a free one.`);
  return 1;
}
