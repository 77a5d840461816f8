/**
 * Networks: which addresses belong to a list of ranges in CIDR notation, of either family.
 */
import { BlockList, isIP, isIPv4 } from "node:net";

export type Networks = {
  /** Whether an address is in one of the ranges. An IPv4 address written as IPv6 is the IPv4 address. */
  contains(address: string): boolean;
};

export type ReadNetworks =
  | { kind: "networks"; networks: Networks }
  /** `entry` is none, or so broad that it would trust the internet. */
  | { kind: "wrong"; entry: string };

/** Broader than any network of one organisation. */
const shortestPrefix = { ipv4: 8, ipv6: 16 } as const;

/** Reads ranges and single addresses, separated by commas or spaces; "none" for no network at all. */
export function readNetworks(text: string): ReadNetworks {
  const list = new BlockList();
  if (text.trim() !== "none") {
    for (const entry of text.split(/[\s,]+/).filter((word) => word !== "")) {
      if (!add(list, entry)) return { kind: "wrong", entry };
    }
  }
  return { kind: "networks", networks: { contains: (address) => isIn(list, address) } };
}

function add(list: BlockList, entry: string): boolean {
  const [address = "", prefixText, ...more] = entry.split("/");
  const version = isIP(address);
  if (version === 0 || more.length > 0) return false;
  const family = version === 4 ? "ipv4" : "ipv6";
  const most = version === 4 ? 32 : 128;
  const prefix = prefixText === undefined ? most : Number(prefixText);
  if (!/^\d{1,3}$/.test(prefixText ?? "0") || prefix > most || prefix < shortestPrefix[family]) return false;
  list.addSubnet(address, prefix, family);
  return true;
}

function isIn(list: BlockList, address: string): boolean {
  const plain = unmapped(address);
  const version = isIP(plain);
  return version !== 0 && list.check(plain, version === 4 ? "ipv4" : "ipv6");
}

/** Without the prefix that a socket of both families puts before IPv4 addresses. */
export function unmapped(address: string): string {
  const plain = address.replace(/^::ffff:/i, "");
  return isIPv4(plain) ? plain : address;
}

/** Whether an address, or a name to listen on, is this machine only. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127(\.\d{1,3}){3}$/.test(unmapped(host));
}
