/** Our mails on the wire, against a mail server that answers as told: what is final, what is not, and what headers cannot hold. */
import { createServer, type Socket } from "node:net";
import { afterEach, expect, test } from "vitest";
import { english } from "../../templates/english.ts";
import { noticeLetter } from "../../templates/notice.ts";
import { type OutgoingMail, postman } from "./outgoing-mail.ts";

type Step = "greeting" | "MAIL" | "RCPT" | "DATA" | "content";

const opened: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0)) await close();
});

/** A mail server that answers one step differently, and keeps what it was sent. */
async function mailServer(refusal?: { at: Step; answer: string }): Promise<{ url: URL; heard: string[] }> {
  const heard: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    let inContent = false;
    const say = (step: Step, usual: string) =>
      socket.write(`${refusal?.at === step ? refusal.answer : usual}\r\n`);
    say("greeting", "220 mx.guest.example");
    socket.on("error", () => undefined);
    socket.on("data", (bytes) => {
      const text = bytes.toString();
      heard.push(text);
      if (inContent) {
        if (!heard.join("").endsWith("\r\n.\r\n")) return;
        inContent = false;
        return say("content", "250 taken");
      }
      if (text.startsWith("MAIL")) return say("MAIL", "250 ok");
      if (text.startsWith("RCPT")) return say("RCPT", "250 ok");
      if (text.startsWith("QUIT")) return socket.end("221 bye\r\n");
      if (!text.startsWith("DATA")) return socket.write("250 mx.guest.example\r\n");
      inContent = refusal?.at !== "DATA";
      return say("DATA", "354 go on");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  opened.push(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(() => resolve()));
  });
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  return { url: new URL(`smtp://127.0.0.1:${port}`), heard };
}

function mailFrom(senderName: string): OutgoingMail {
  const letter = noticeLetter(
    {
      organisation: "Acme Health",
      senderName,
      senderAddress: "ruth@acme.example",
      recipient: "bob@guest.example",
      expiresAt: new Date("2026-12-01T10:42:00Z"),
      viewLimit: null,
      phrase: null,
      firstContact: true,
      portal: new URL("https://secure.acme.example"),
      deliveryId: "0b9f2c1e-6a57-4d0e-9a43-5d8c1c2f7e11",
    },
    english,
  );
  const token = "6f6c3a52-0d0e-4a55-8f0e-1df1a5b0a001";
  return {
    letter,
    to: "bob@guest.example",
    fromName: `${senderName} via Acme Health`,
    token,
    messageId: "notice-1",
  };
}

async function deliver(url: URL, mail: OutgoingMail) {
  const carrier = postman(url, "sealpost.acme.example");
  try {
    return await carrier.deliver(mail);
  } finally {
    carrier.close();
  }
}

test("a mail that is taken carries its return address, its Message-ID and no remote image", async () => {
  const { url, heard } = await mailServer();

  const delivery = await deliver(url, mailFrom("Dr. Ruth Adler"));

  const wire = heard.join("");
  expect(delivery).toEqual({ kind: "taken" });
  expect(wire).toContain("MAIL FROM:<notices+6f6c3a52-0d0e-4a55-8f0e-1df1a5b0a001@sealpost.acme.example>");
  expect(wire).toContain("Message-ID: <notice-1@sealpost.acme.example>");
  expect(wire).toContain('From: "Dr. Ruth Adler via Acme Health" <notices@sealpost.acme.example>');
  expect(wire).toContain("Auto-Submitted: auto-generated");
  expect(wire).not.toMatch(/src=3D"http/);
});

test.each([
  ["RCPT", "550 5.1.1 no such person", { kind: "refused", code: "550 5.1.1" }],
  ["DATA", "554 not here", { kind: "refused", code: "554" }],
  ["content", "554 5.7.1 looks like spam to us", { kind: "refused", code: "554 5.7.1" }],
  ["RCPT", "451 4.7.1 greylisted", { kind: "try-later", code: "451 4.7.1" }],
  ["content", "452 4.3.1 disk full", { kind: "try-later", code: "452 4.3.1" }],
  ["MAIL", "550 5.7.23 your SPF record is wrong", { kind: "try-later", code: "550 5.7.23" }],
  ["greeting", "554 go away", { kind: "try-later", code: "554" }],
] as const)("a server that answers %s with %s", async (at, answer, expected) => {
  const { url } = await mailServer({ at, answer });

  expect(await deliver(url, mailFrom("Ruth"))).toEqual(expected);
});

test("a server that is away is tried later", async () => {
  expect((await deliver(new URL("smtp://127.0.0.1:1"), mailFrom("Ruth"))).kind).toBe("try-later");
});

test("a name cannot write headers, a second recipient or a second address", async () => {
  for (const name of [
    "Eve\r\nBcc: eve@evil.example",
    'Eve" <eve@evil.example>, "x',
    "=?utf-8?q?=0D=0ABcc:_eve?=",
    "a, b; c:",
  ]) {
    const { url, heard } = await mailServer();

    await deliver(url, mailFrom(name));

    const wire = heard.join("");
    const head = wire.slice(
      wire.indexOf("Auto-Submitted"),
      wire.indexOf("\r\n\r\n", wire.indexOf("Auto-Submitted")),
    );
    expect(head).not.toMatch(/^bcc:/im);
    expect(wire.match(/^RCPT TO/gm)).toHaveLength(1);
    const from = /^From:((?:.|\r\n[ \t])*)/m.exec(head)?.[1] ?? "";
    expect(from.trim().endsWith("<notices@sealpost.acme.example>")).toBe(true);
    expect(from.replaceAll(/"(?:[^"\\]|\\.)*"/g, "").match(/@/g)).toHaveLength(1);
  }
});
