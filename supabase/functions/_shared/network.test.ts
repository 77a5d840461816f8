/** Where a caller comes from: what a proxy wrote counts, what the caller wrote does not. */
import { expect, test } from "vitest";
import { clientAddressOf, networkOf, proxyHeaderFor } from "./network.ts";

const from = (headers: Record<string, string>) => new Request("http://x", { headers });

test("a caller who writes a forwarding header of their own is still counted where the proxy saw them", () => {
  const request = from({
    "x-forwarded-for": "198.51.100.1, 203.0.113.7",
    "cf-connecting-ip": "198.51.100.2",
  });

  expect(clientAddressOf(request, "x-forwarded-for")).toBe("203.0.113.7");
});

test("on hosted Supabase Cloudflare's word counts, elsewhere the last proxy's", () => {
  expect(proxyHeaderFor(new URL("https://abc.supabase.co"))).toBe("cf-connecting-ip");
  expect(proxyHeaderFor(new URL("https://supabase.acme.example"))).toBe("x-forwarded-for");
  expect(proxyHeaderFor(new URL("https://evil-supabase.co.example"))).toBe("x-forwarded-for");
});

test("what is no address is nobody's, and all nobodies share one network", () => {
  expect(clientAddressOf(from({ "x-forwarded-for": "unknown" }), "x-forwarded-for")).toBeUndefined();
  expect(clientAddressOf(from({}), "x-forwarded-for")).toBeUndefined();
  expect(networkOf(undefined)).toBe("unknown");
});

test.each([
  ["203.0.113.7", "203.0.113.7"],
  ["::ffff:203.0.113.7", "203.0.113.7"],
  ["2001:db8:1:2:aaaa:bbbb:cccc:dddd", "2001:db8:1:2::/64"],
  ["2001:0db8:0001:0002::9", "2001:db8:1:2::/64"],
  ["2001:db8::1", "2001:db8:0:0::/64"],
  ["::1", "0:0:0:0::/64"],
  ["fe80::1%eth0", "fe80:0:0:0::/64"],
  ["64:ff9b::192.0.2.1", "64:ff9b:0:0::/64"],
])("%s is of the network %s", (address, network) => {
  expect(networkOf(address)).toBe(network);
});
