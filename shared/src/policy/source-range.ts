/**
 * Source ranges: whether a client's address lies in a block such as 10.0.0.0/8 or 2001:db8::/32 (RFC 4632, RFC 4291).
 */

/** The first bits of addresses of one family. */
export type SourceRange = { readonly family: 4 | 6; readonly bits: bigint; readonly prefix: number };

export type IpAddress = { readonly family: 4 | 6; readonly value: bigint };

const BITS = { 4: 32, 6: 128 } as const;
const IPV4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/;
const LONGEST_ADDRESS = 45;

/** Reads a block; a lone address is a block of one. Undefined where the text is none. */
export function parseSourceRange(text: string): SourceRange | undefined {
  const [address = "", length] = text.split("/", 2);
  const ip = parseIp(address);
  if (ip === undefined) return undefined;
  const prefix = length === undefined ? BITS[ip.family] : /^\d{1,3}$/.test(length) ? Number(length) : -1;
  if (prefix < 0 || prefix > BITS[ip.family]) return undefined;
  return { family: ip.family, bits: firstBits(ip, prefix), prefix };
}

/** Whether an address is in the range. What is no address is in none. */
export function isInRange(range: SourceRange, address: IpAddress | undefined): boolean {
  return address?.family === range.family && firstBits(address, range.prefix) === range.bits;
}

function firstBits({ family, value }: IpAddress, prefix: number): bigint {
  return value >> BigInt(BITS[family] - prefix);
}

/** Reads an address. IPv4 written as IPv6 (::ffff:10.0.0.1) counts as IPv4. */
export function parseIp(text: string): IpAddress | undefined {
  if (text.length > LONGEST_ADDRESS) return undefined;
  const four = parseIpv4(text);
  if (four !== undefined) return { family: 4, value: four };
  const mapped = /^::ffff:([\d.]+)$/i.exec(text)?.[1];
  if (mapped !== undefined) return parseIp(mapped);
  const six = parseIpv6(text);
  return six === undefined ? undefined : { family: 6, value: six };
}

function parseIpv4(text: string): bigint | undefined {
  const octets = IPV4.exec(text)?.slice(1).map(Number);
  if (octets === undefined || octets.some((octet) => octet > 255)) return undefined;
  return octets.reduce((value, octet) => (value << 8n) | BigInt(octet), 0n);
}

function parseIpv6(text: string): bigint | undefined {
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  const [head = [], tail = []] = halves.map((half) => (half === "" ? [] : half.split(":")));
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const groups = [...head, ...Array<string>(missing).fill("0"), ...tail];
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined;
  return groups.reduce((value, group) => (value << 16n) | BigInt(`0x${group}`), 0n);
}
