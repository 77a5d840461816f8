import { createSecretKey } from "node:crypto";
import type { PortalMail } from "@sealpost/shared/portal-mail/portal-mail.ts";
import { expect, test } from "vitest";
import { parseMail } from "../mime/parse-mail.ts";
import { composeCopy, composeMail, type ToCompose } from "./compose.ts";

const ports = { noticeDomain: "sealpost.acme.example", macKey: createSecretKey(Buffer.alloc(32, 1)) };
const bob = { name: "Bob Bäcker", address: "bob@elsewhere.example" };
const alice = { name: "Archer, Alice", address: "alice@acme.example" };
const mail: PortalMail = {
  ...{ v: 1, kind: "reply", inReplyTo: "x", originalMessageId: "<1@acme.example>", contentKey: null },
  ...{
    to: [alice],
    cc: [{ name: "", address: "carol@acme.example" }],
    subject: "Re: Grüße",
    attachments: [],
  },
  ...{ text: "Schöne Grüße\n.\nFrom here", html: "<p>Schöne <b>Grüße</b></p>" },
};
const composing: ToCompose = {
  ...{ id: "7d8f3c52-8f1c-4f5e-9f0b-0d6a54c1a111", mail, files: new Map(), writtenAtMs: 1_800_000_000_000 },
  ...{ original: "<1@acme.example>", author: bob },
};

test("the mail reads as it was written, answers what it answers, and is Bob's", async () => {
  const read = parseMail(await composeMail(ports, composing));

  expect(read).toMatchObject({
    ...{ subject: "Re: Grüße", from: [bob], to: [alice], replyTo: [], problems: [] },
    ...{ inReplyTo: ["<1@acme.example>"], references: ["<1@acme.example>"], trigger: null },
    messageId: `<${composing.id}@sealpost.acme.example>`,
    date: new Date(1_800_000_000_000),
  });
  expect(read.text?.trim()).toBe(mail.text);
  expect(read.html).toContain("<b>Grüße</b>");
});

test("the copy for people inside is From our own domain, is answered to Bob, and is otherwise the same", async () => {
  const read = parseMail(await composeCopy(ports, composing, "Acme"));

  expect(read.from).toEqual([{ name: "Bob Bäcker via Acme", address: "portal@sealpost.acme.example" }]);
  expect(read.replyTo).toEqual([bob]);
  expect(read.messageId).toBe(parseMail(await composeMail(ports, composing)).messageId);
});

test("the same portal mail is the same bytes each time, so that a retry is known as one", async () => {
  expect((await composeMail(ports, composing)).equals(await composeMail(ports, composing))).toBe(true);
});

test("nothing that Bob writes becomes a header, a boundary or a structure of the mail", async () => {
  const hostile: PortalMail = {
    ...mail,
    subject: "x\r\nBcc: eve@elsewhere.example\r\n\r\nbody",
    to: [{ name: 'Al"ice\r\nX-Sealpost: secure 1d', address: alice.address }],
    text: `--_NmP-${composing.id}-Part_1\r\nContent-Type: text/html\r\n\r\n<script>`,
    attachments: [
      {
        part: 1,
        name: 'a"\r\nX: y.txt',
        type: "multipart/mixed; boundary=x",
        size: 6,
        inline: false,
        uploaded: null,
      },
      { part: 2, name: "b.eml", type: "message/rfc822", size: 6, inline: false, uploaded: null },
    ],
  };
  const files = new Map([1, 2].map((part) => [part, Buffer.from("--x\r\nz")]));

  const raw = await composeMail(ports, { ...composing, mail: hostile, files });

  const head = raw.toString("latin1").split("\r\n\r\n")[0] ?? "";
  expect(head).not.toMatch(/^(bcc|x-sealpost|x):/im);
  const read = parseMail(raw);
  expect(read.trigger).toBeNull();
  expect(read.text).toContain("Part_1");
  expect(read.attachments.map(({ type, size }) => [type, size])).toEqual([
    ["application/octet-stream", 6],
    ["application/octet-stream", 6],
  ]);
});

test("an image stands in its place in the html", async () => {
  const image = {
    part: 1,
    name: "logo.png",
    type: "image/png",
    size: 3,
    inline: true,
    cid: "logo@x",
    uploaded: null,
  };
  const shown = { ...mail, html: '<img src="cid:logo@x">', attachments: [image] };
  const files = new Map([[1, Buffer.from("png")]]);

  const read = parseMail(await composeMail(ports, { ...composing, mail: shown, files }));

  expect(read.attachments).toMatchObject([
    { cid: "logo@x", inline: true, name: "logo.png", type: "image/png" },
  ]);
});
