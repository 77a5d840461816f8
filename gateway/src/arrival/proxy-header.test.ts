import { expect, test } from "vitest";
import { readProxyHeader } from "./proxy-header.ts";

const signature = "0d0a0d0a000d0a515549540a";
const overIPv4 = Buffer.from(`${signature}2111000cc0000207c000020adead0019`, "hex");
const overIPv6 = Buffer.from(
  `${signature}21210024${"20010db8000000000000000000000001"}${"20010db8000000000000000000000002"}dead0019`,
  "hex",
);

test("a proxy says who the client is, in either version, with its mail behind it or byte by byte", () => {
  const line = Buffer.from("PROXY TCP4 192.0.2.7 192.0.2.10 57005 25\r\n");

  expect(readProxyHeader(Buffer.concat([line, Buffer.from("EHLO x\r\n")]))).toEqual({
    kind: "header",
    header: { length: line.length, client: { address: "192.0.2.7", port: 57005 } },
  });
  expect(readProxyHeader(overIPv4)).toMatchObject({
    header: { client: { address: "192.0.2.7", port: 57005 } },
  });
  expect(readProxyHeader(overIPv6)).toMatchObject({
    header: { client: { address: "2001:db8:0:0:0:0:0:1" } },
  });
  for (const whole of [line, overIPv4, overIPv6])
    for (let end = 0; end < whole.length; end++)
      expect(readProxyHeader(whole.subarray(0, end))).toEqual({ kind: "more" });
});

test("a proxy that speaks for itself names no client", () => {
  const local = Buffer.from(`${signature}20000000`, "hex");

  for (const bytes of [local, Buffer.from("PROXY UNKNOWN\r\n")])
    expect(readProxyHeader(bytes)).toMatchObject({ kind: "header", header: { client: null } });
});

test("what is no header is none", () => {
  const nonsense = [
    ...["EHLO x\r\n", "PROXY TCP4 2001:db8::1 ::1 1 2\r\n", "PROXY TCP4 evil 1.2.3.4 1 2\r\n"],
    ...[`PROXY TCP4 ${"1".repeat(120)}`, "PROXY TCP4 1.2.3.4 1.2.3.4 x 2\r\n"],
  ].map((text) => Buffer.from(text));
  const binary = ["31110000", "2111ffff", "22110000", "21110004c0000207"].map((rest) =>
    Buffer.from(signature + rest, "hex"),
  );

  for (const bytes of [...nonsense, ...binary]) expect(readProxyHeader(bytes)).toEqual({ kind: "wrong" });
});
