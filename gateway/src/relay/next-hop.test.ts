import { readFile } from "node:fs/promises";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { NextHop as Address } from "../config/next-hop.ts";
import { makeTestCertificate, type TestCertificate } from "../testing/certificate.ts";
import { type NextHopOptions, startNextHop, type TestNextHop } from "../testing/next-hop.ts";
import { makeNextHop, type NextHop } from "./next-hop.ts";

const usualAuthorities = getCACertificates("default");
const cleanups: (() => unknown)[] = [];
let certificate: TestCertificate;
let pair: { cert: string; key: string };

beforeAll(async () => {
  certificate = await makeTestCertificate("localhost");
  pair = { cert: await readFile(certificate.cert, "utf8"), key: await readFile(certificate.key, "utf8") };
});
afterAll(() => certificate.remove());
afterEach(async () => {
  setDefaultCACertificates(usualAuthorities);
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function open(
  tls: Address["tls"],
  options: NextHopOptions = {},
): Promise<{ server: TestNextHop; nextHop: NextHop }> {
  const server = await startNextHop(options);
  const protocol = options.lmtp ? "lmtp" : "smtp";
  const address = {
    host: "localhost",
    port: server.port,
    protocol,
    tls,
    user: null,
    password: null,
  } as const;
  const nextHop = makeNextHop(address, "mx.acme.example");
  cleanups.push(server.stop, nextHop.close);
  return { server, nextHop };
}

const mail = Buffer.from("Subject: x\r\n\r\nx\r\n");
const envelope = (...to: string[]) => ({ from: "ann@acme.example", to, utf8: false, eightBit: false });
const trust = () => setDefaultCACertificates([...usualAuthorities, pair.cert]);

test("with a certificate that is trusted, mail is handed on over TLS, by STARTTLS and from the start", async () => {
  trust();
  const upgraded = await open("starttls", { certificate: pair });
  const direct = await open("from-the-start", { certificate: pair, secure: true });

  for (const { nextHop, server } of [upgraded, direct]) {
    expect(await nextHop.send(envelope("bob@x.example"), mail)).toMatchObject({ kind: "taken" });
    expect(server.taken).toMatchObject([{ secured: true }]);
  }
});

test("where TLS is demanded, a next hop without it, or with a certificate that nobody vouches for, gets nothing", async () => {
  const stranger = await open("starttls", { certificate: pair });
  const strangerDirect = await open("from-the-start", { certificate: pair, secure: true });
  const plain = await open("starttls");

  for (const { nextHop, server } of [stranger, strangerDirect, plain]) {
    expect(await nextHop.send(envelope("bob@x.example"), mail)).toMatchObject({ kind: "away" });
    expect(server.taken).toEqual([]);
  }
});

test("where TLS is not demanded it is used where it can be, whoever vouches", async () => {
  const withTls = await open("where-possible", { certificate: pair });
  const without = await open("where-possible");

  for (const { nextHop } of [withTls, without])
    expect(await nextHop.send(envelope("bob@x.example"), mail)).toMatchObject({ kind: "taken" });
  expect([withTls.server.taken[0]?.secured, without.server.taken[0]?.secured]).toEqual([true, false]);
});

test("by LMTP each recipient has an answer of its own, after the mail", async () => {
  const { nextHop } = await open("where-possible", { lmtp: true });

  const some = await nextHop.send(envelope("bob@x.example", "full@x.example"), mail);
  const none = await nextHop.send(envelope("full@x.example", "nobody@x.example"), mail);
  const all = await nextHop.send(envelope("bob@x.example", "bea@x.example"), mail);

  const full = { address: "full@x.example", reply: { code: 552 } };
  expect(some).toMatchObject({ kind: "taken", reply: { code: 250 }, refusals: [full] });
  expect(none).toMatchObject({ kind: "refused" });
  expect(none.kind === "refused" && none.refusals.map(({ reply }) => reply.code).sort()).toEqual([550, 552]);
  expect(all).toMatchObject({ kind: "taken", reply: { code: 250 }, refusals: [] });
});
