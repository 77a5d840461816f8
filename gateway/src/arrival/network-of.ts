/**
 * The network of a client: what one attacker commonly has at hand, an IPv4 /24 or an IPv6 /64.
 */
import { isIPv4, isIPv6 } from "node:net";
import { unmapped } from "../config/networks.ts";

const groupsOfAddress = 8;
const groupsOfNetwork = 4;

/** A key to count by; the text itself where it is no address. */
export function networkOf(clientAddress: string): string {
  const address = unmapped(clientAddress);
  if (isIPv4(address)) return address.slice(0, address.lastIndexOf("."));
  if (!isIPv6(address)) return address;
  const [head = "", tail] = address
    .split("::")
    .map((half) => half.split(":").filter((group) => group !== ""));
  const before = head === "" ? [] : head;
  const zeros = tail === undefined ? 0 : groupsOfAddress - before.length - tail.length;
  const groups = [...before, ...Array<string>(Math.max(0, zeros)).fill("0"), ...(tail ?? [])];
  return groups
    .slice(0, groupsOfNetwork)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(":");
}
