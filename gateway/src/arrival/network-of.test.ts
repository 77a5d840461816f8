import { expect, test } from "vitest";
import { networkOf } from "./network-of.ts";

test("neighbours in a network are counted together, in any spelling, and strangers are not", () => {
  expect(networkOf("192.0.2.7")).toBe(networkOf("::ffff:192.0.2.250"));
  expect(networkOf("192.0.2.7")).not.toBe(networkOf("192.0.3.7"));
  expect(networkOf("2001:db8::1")).toBe(networkOf("2001:0db8:0:0:ffff::2"));
  expect(networkOf("2001:db8::1")).not.toBe(networkOf("2001:db8:0:1::1"));
  expect(networkOf("::1")).toBe("0:0:0:0");
});
