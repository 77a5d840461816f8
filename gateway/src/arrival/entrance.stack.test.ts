import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { connect as connectTcp } from "node:net";
import { connect as connectTls } from "node:tls";
import { createTransport } from "nodemailer";
import type SMTPTransport from "nodemailer/lib/smtp-transport";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { makeTestCertificate, type TestCertificate } from "../testing/certificate.ts";
import { ask, deliveriesOf, eventually, insider, outsider } from "../testing/correspondence.ts";
import { freePort, type GatewayProcess, startGatewayProcess } from "../testing/gateway-process.ts";
import { giveLogin } from "../testing/smtp-login.ts";
import { talk } from "../testing/smtp-talk.ts";

const stack = inject("stack");
const { superuser } = stack.databaseUrls;
const password = randomBytes(12).toString("hex");
let certificate: TestCertificate;
let gateway: GatewayProcess;
let smtpsPort: number;

/** Trusts nobody but a network that nobody is in, so that a client on loopback counts as one from outside. */
beforeAll(async () => {
  certificate = await makeTestCertificate("first.acme.example");
  smtpsPort = await freePort();
  gateway = await startGatewayProcess(stack, {
    SEALPOST_TLS_CERT: certificate.cert,
    SEALPOST_TLS_KEY: certificate.key,
    SEALPOST_SMTPS_PORT: String(smtpsPort),
    SEALPOST_TRUSTED_NETWORKS: "192.0.2.0/24",
    SEALPOST_PROXY_FROM: "127.0.0.2/32",
    SEALPOST_CLIENT_CONNECTIONS: "5",
  });
});
afterAll(async () => {
  await gateway.stop();
  await certificate.remove();
});

const login = (...addresses: string[]) => giveLogin(superuser, password, addresses);

async function submit(
  mail: { from: string; envelopeFrom?: string; to: string },
  options: SMTPTransport.Options,
): Promise<string> {
  const transport = createTransport({
    host: "127.0.0.1",
    port: gateway.port,
    tls: { rejectUnauthorized: false },
    ...options,
  });
  try {
    const envelope = { from: mail.envelopeFrom ?? mail.from, to: mail.to };
    const sent = await transport.sendMail({ ...mail, envelope, subject: "[secure] x", text: "x" });
    return sent.response;
  } catch (error) {
    return error instanceof Error && "response" in error ? String(error.response) : String(error);
  } finally {
    transport.close();
  }
}

const plain = (text: string) => Buffer.from(text).toString("base64");

test("Ann signs in after STARTTLS and over implicit TLS, by PLAIN and by LOGIN, and owns what she sends", async () => {
  const [ann, bob] = [insider("ann"), outsider("bob")];
  const user = await login(ann);

  const overStartTls = { requireTLS: true, auth: { user, pass: password }, authMethod: "PLAIN" };
  const overTls = {
    port: smtpsPort,
    secure: true,
    auth: { user: user.toUpperCase(), pass: password },
    authMethod: "LOGIN",
  };

  expect(await submit({ from: ann, to: bob }, overStartTls)).toMatch(/^250 /);
  expect(await submit({ from: ann, to: outsider("bea") }, overTls)).toMatch(/^250 /);
  expect((await deliveriesOf(superuser, ann)).length).toBe(4);
});

test("nobody sends without signing in, whoever they say they are", async () => {
  const answer = await submit({ from: insider("ann"), to: outsider("bob") }, { requireTLS: true });

  expect(answer).toMatch(/^530 5\.7\.0 /);
});

test("Ann signs in, and sends as nobody but herself, on the envelope or in From", async () => {
  const [ann, carol, bob] = [insider("ann"), insider("carol"), outsider("bob")];
  const auth = { requireTLS: true, auth: { user: await login(ann), pass: password } };

  expect(await submit({ from: carol, to: bob }, auth)).toMatch(/^553 5\.7\.1 /);
  expect(await submit({ from: carol, envelopeFrom: ann, to: bob }, auth)).toMatch(/^550 5\.7\.1 From says/);
  expect(await deliveriesOf(superuser, carol)).toEqual([]);
});

test("a mail server sends for its whole domain, and for no other", async () => {
  const auth = { requireTLS: true, auth: { user: await login("@acme.example"), pass: password } };

  expect(await submit({ from: insider("ann"), to: outsider("bob") }, auth)).toMatch(/^250 /);
  expect(await submit({ from: "eve@evil.example", to: outsider("bob") }, auth)).toMatch(/^553 /);
});

test("a wrong password, an unknown login and one switched off get the same answer", async () => {
  const ann = insider("ann");
  const [known, off] = [await login(ann), await login(ann)];
  await ask(superuser, "update public.smtp_credentials set enabled = false where login = $1", [off]);
  const attempt = (user: string, pass: string) =>
    submit({ from: ann, to: outsider("bob") }, { requireTLS: true, auth: { user, pass } });

  const answers = [
    await attempt(known, "wrong"),
    await attempt("nobody", password),
    await attempt(off, password),
  ];

  expect(new Set(answers)).toEqual(new Set(["535 5.7.8 Login and password do not belong together"]));
});

test("a new certificate is used after SIGHUP, and a broken one changes nothing", async () => {
  const shownName = async () => {
    const socket = connectTls({ host: "127.0.0.1", port: smtpsPort, rejectUnauthorized: false });
    await once(socket, "secureConnect");
    const name = socket.getPeerCertificate().subject.CN;
    socket.destroy();
    return name;
  };
  expect(await shownName()).toBe("first.acme.example");

  await certificate.renew("second.acme.example");
  gateway.child.kill("SIGHUP");

  await eventually(shownName, (name) => name === "second.acme.example");
  await writeFile(certificate.cert, "no certificate");
  gateway.child.kill("SIGHUP");
  await eventually(
    async () => gateway.lines.join("\n"),
    (log) => log.includes("the new certificate cannot be used"),
  );
  expect(await shownName()).toBe("second.acme.example");
});

test("old TLS is not spoken", async () => {
  const socket = connectTls({
    ...{ host: "127.0.0.1", port: smtpsPort, rejectUnauthorized: false },
    ...{ minVersion: "TLSv1", maxVersion: "TLSv1.1", ciphers: "DEFAULT@SECLEVEL=0" },
  });

  await expect(once(socket, "secureConnect")).rejects.toThrow();
});

test("a command that was sent in the clear behind STARTTLS is not run inside TLS", async () => {
  const socket = connectTcp(gateway.port, "127.0.0.1");
  await once(socket, "data");
  socket.write("STARTTLS\r\nNOOP\r\n");
  const [ready] = await once(socket, "data");

  const secure = connectTls({ socket, rejectUnauthorized: false });
  await once(secure, "secureConnect");
  let heard = "";
  secure.on("data", (bytes) => {
    heard += bytes.toString();
  });
  secure.write("QUIT\r\n");
  await once(secure, "close");

  expect(String(ready)).toMatch(/^220 [^\n]*\n$/);
  expect(heard).toMatch(/^221 [^\n]*\n$/);
});

/** Connects from 127.0.0.2, which may say who its clients are. Everything that was answered. */
async function throughProxy(header: Buffer | string, bytes: string): Promise<string> {
  const socket = connectTcp({ host: "127.0.0.1", port: gateway.port, localAddress: "127.0.0.2" });
  let heard = "";
  socket.setEncoding("utf8").on("data", (text) => {
    if (heard === "") socket.write(`EHLO proxy.example\r\n${bytes}QUIT\r\n`);
    heard += text;
  });
  socket.on("error", () => {});
  socket.write(header);
  await once(socket, "close");
  return heard;
}

test("a proxy says who its clients are, in both versions: one in a trusted network sends, another has to sign in", async () => {
  const mail = `MAIL FROM:<${insider("ann")}>\r\nRCPT TO:<${outsider("bob")}>\r\n`;
  const trusted = Buffer.from("0d0a0d0a000d0a515549540a2111000cc00002077f000001dead0019", "hex");

  const inside = await throughProxy(trusted, mail);
  const outside = await throughProxy("PROXY TCP4 198.51.100.7 127.0.0.1 4000 25\r\n", mail);

  expect(inside).toMatch(/250 2\.1\.5 Accepted/);
  expect(outside).toMatch(/530 5\.7\.0 /);
  expect(inside + outside).not.toMatch(/AUTH/); // from outside it is offered over TLS only
});

test("a client that is no proxy cannot say that it is somebody else, and a proxy has to say who it is", async () => {
  const socket = connectTcp(gateway.port, "127.0.0.1");
  let heard = "";
  socket.on("data", (bytes) => {
    heard += bytes.toString();
  });
  socket.write("PROXY TCP4 192.0.2.7 127.0.0.1 4000 25\r\nEHLO x\r\nQUIT\r\n");
  await once(socket, "close");

  expect(heard).not.toMatch(/^250 /m);
  expect(await throughProxy("EHLO x\r\n", "")).toBe("");
});

test("the sixth connection of one client is asked to come again, and may once another has gone", async () => {
  const open = [];
  for (let i = 0; i < 5; i++) open.push(await talk(gateway.port));

  const sixth = connectTcp(gateway.port, "127.0.0.1");
  const [banner] = await once(sixth, "data");
  sixth.destroy();
  for (const client of open) client.end();

  expect(String(banner)).toMatch(/^421 4\.7\.0 /);
  await eventually(
    async () => (await submit({ from: insider("x"), to: outsider("y") }, { requireTLS: true })).slice(0, 3),
    (code) => code === "530",
  );
});

test("AUTH by hand: a nonsense token and a broken-off exchange end nothing but themselves", async () => {
  const ann = insider("ann");
  const annsLogin = await login(ann);
  const client = await talk(gateway.port); // on loopback a password needs no TLS

  expect(await client.say("AUTH PLAIN !!!\r\n")).toEqual([expect.stringMatching(/^501 /)]);
  expect(await client.say("AUTH LOGIN\r\n*\r\n", 2)).toEqual([
    expect.stringMatching(/^334 /),
    expect.stringMatching(/^501 /),
  ]);
  expect(await client.say(`AUTH PLAIN ${plain(`\0${annsLogin}\0${password}`)}\r\n`)).toEqual([
    expect.stringMatching(/^235 /),
  ]);
  expect(await client.say(`MAIL FROM:<${ann}>\r\n`)).toEqual([expect.stringMatching(/^250 /)]);
  client.end();
});
