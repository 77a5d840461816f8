import { expect, test } from "vitest";
import { type Networks, readNetworks } from "./networks.ts";

function networks(text: string): Networks {
  const read = readNetworks(text);
  if (read.kind === "wrong") throw new Error(read.entry);
  return read.networks;
}

test("an address belongs to a range in either family, and its neighbour outside does not", () => {
  const office = networks("10.20.0.0/16, 192.0.2.7 2001:db8:1::/48");

  for (const inside of ["10.20.255.255", "192.0.2.7", "2001:db8:1:ffff::1", "::ffff:10.20.0.1"])
    expect(office.contains(inside), inside).toBe(true);
  for (const outside of ["10.21.0.0", "192.0.2.8", "2001:db8:2::1", "::1", "", "10.20.0", "unknown"])
    expect(office.contains(outside), outside).toBe(false);
});

test("nobody is trusted where the list says none", () => {
  expect(networks("none").contains("127.0.0.1")).toBe(false);
});

test("what is no range, or would trust the internet, is named", () => {
  for (const entry of [
    "0.0.0.0/0",
    "::/0",
    "10.0.0.0/33",
    "10.0.0/8",
    "office",
    "10.0.0.0/8/8",
    "10.0.0.0/",
    "1.2.3.4/-1",
  ])
    expect(readNetworks(`127.0.0.0/8,${entry}`)).toEqual({ kind: "wrong", entry });
});
