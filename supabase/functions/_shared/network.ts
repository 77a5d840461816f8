/**
 * Where a request comes from, as far as the proxy in front of us is to be believed.
 *
 * A client can write any forwarding header; only what the last proxy wrote counts: on hosted Supabase Cloudflare's
 * `cf-connecting-ip`, elsewhere the last entry of `x-forwarded-for`.
 */
import { isIP } from "node:net";

export type ProxyHeader = "cf-connecting-ip" | "x-forwarded-for";

/** The header that the proxy of this project writes, by the address of its API. */
export function proxyHeaderFor(apiUrl: URL): ProxyHeader {
  return apiUrl.hostname.endsWith(".supabase.co") ? "cf-connecting-ip" : "x-forwarded-for";
}

/** The caller's IP address, or undefined where the proxy has not said it. */
export function clientAddressOf(request: Request, header: ProxyHeader): string | undefined {
  const last = request.headers.get(header)?.split(",").at(-1)?.trim() ?? "";
  return isIP(last) === 0 ? undefined : last;
}

/** What counts as one network: an IPv4 address, the /64 of an IPv6 address, or all those that are unknown together. */
export function networkOf(clientAddress: string | undefined): string {
  if (clientAddress === undefined) return "unknown";
  if (isIP(clientAddress) === 4) return clientAddress;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(clientAddress)?.[1];
  return mapped ?? `${firstFourGroups(clientAddress).join(":")}::/64`;
}

function firstFourGroups(ipv6: string): string[] {
  const [before = "", after] = ipv6
    .replace(/%.*$/, "")
    .replace(/:(\d+\.){3}\d+$/, ":0:0")
    .split("::");
  const head = before === "" ? [] : before.split(":");
  const tail = after === undefined || after === "" ? [] : after.split(":");
  const zeros = Array.from({ length: Math.max(0, 8 - head.length - tail.length) }, () => "0");
  return [...head, ...zeros, ...tail].slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16));
}
