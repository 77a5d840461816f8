/**
 * Hashes of SMTP passwords: scrypt (RFC 7914) in the PHC string format, `$scrypt$ln=15,r=8,p=3$salt$hash`.
 *
 * The work is done on Node's thread pool, never on the event loop.
 */
import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";

type Cost = { readonly ln: number; readonly r: number; readonly p: number };

/** OWASP Password Storage Cheat Sheet: N = 2^15, r = 8, p = 3 takes 32 MB, and some 0.2 s. */
const usualCost: Cost = { ln: 15, r: 8, p: 3 };
/** What a hash may ask for, so that a row of the database cannot exhaust the machine: 128 MB. */
const mostCost: Cost = { ln: 17, r: 8, p: 4 };
const saltBytes = 16;
const hashBytes = 32;

/** A hash that belongs to no password: checking against it takes as long as against a real one. */
export const nobodysHash = phc(usualCost, Buffer.alloc(saltBytes), Buffer.alloc(hashBytes));

export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(saltBytes);
  return phc(usualCost, salt, await derive(password, salt, { cost: usualCost, length: hashBytes }));
}

/** Whether the password is the one; false too where the hash is none that we make or accept. */
export async function matchesHash(password: string, hash: string): Promise<boolean> {
  const read = readHash(hash);
  if (read === undefined) return false;
  const { cost, salt, expected } = read;
  return timingSafeEqual(await derive(password, salt, { cost, length: expected.length }), expected);
}

function phc({ ln, r, p }: Cost, salt: Buffer, hash: Buffer): string {
  return `$scrypt$ln=${ln},r=${r},p=${p}$${unpadded(salt)}$${unpadded(hash)}`;
}

function unpadded(bytes: Buffer): string {
  return bytes.toString("base64").replaceAll("=", "");
}

const form =
  /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{43,86})$/;

function readHash(text: string) {
  const [, ln, r, p, salt = "", hash = ""] = form.exec(text) ?? [];
  const cost = { ln: Number(ln), r: Number(r), p: Number(p) };
  const isBearable =
    cost.ln >= 1 &&
    cost.ln <= mostCost.ln &&
    cost.r >= 1 &&
    cost.r <= mostCost.r &&
    cost.p >= 1 &&
    cost.p <= mostCost.p;
  if (!isBearable) return undefined;
  return { cost, salt: Buffer.from(salt, "base64"), expected: Buffer.from(hash, "base64") };
}

function derive(
  password: string,
  salt: Buffer,
  { cost, length }: { readonly cost: Cost; readonly length: number },
): Promise<Buffer> {
  const n = 2 ** cost.ln;
  const options = { N: n, r: cost.r, p: cost.p, maxmem: 256 * n * cost.r };
  return new Promise((resolve, reject) => {
    scrypt(password.normalize("NFKC"), salt, length, options, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });
}
