import { createSecretKey } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { mailMac, messageIdMac, newThreadId } from "./mail-identity.ts";

const key = createSecretKey(Buffer.alloc(32, 7));
const otherKey = createSecretKey(Buffer.alloc(32, 8));
const people = fc.array(fc.record({ name: fc.string(), address: fc.emailAddress() }), { maxLength: 3 });
const mails = fc.record({
  messageId: fc.option(fc.string({ minLength: 1 }).map((id) => `<${id}>`)),
  date: fc.option(fc.date({ noInvalidDate: true })),
  subject: fc.string(),
  from: people,
  to: people,
  cc: people,
});
const bodies = fc.string({ unit: "binary" });
const senders = fc.emailAddress();

function raw(header: string, body: string): Buffer {
  return Buffer.from(`${header}\r\n\r\n${body}`);
}

test("a retry with other trace headers is known again", () => {
  fc.assert(
    fc.property(senders, mails, bodies, (sender, mail, body) => {
      const first = mailMac(key, { sender, mail, raw: raw("Received: by a", body) });
      const again = mailMac(key, { sender, mail, raw: raw("Received: by b\r\nReceived: by a", body) });

      expect(again.equals(first)).toBe(true);
    }),
  );
});

test("another sender, Message-ID or body is another mail", () => {
  fc.assert(
    fc.property(senders, mails, bodies, (sender, mail, body) => {
      const mac = mailMac(key, { sender, mail, raw: raw("X: y", body) });
      const others = [
        mailMac(key, { sender: `x${sender}`, mail, raw: raw("X: y", body) }),
        mailMac(key, { sender, mail: { ...mail, messageId: `${mail.messageId}x` }, raw: raw("X: y", body) }),
        mailMac(key, { sender, mail, raw: raw("X: y", `${body}x`) }),
        mailMac(otherKey, { sender, mail, raw: raw("X: y", body) }),
      ];

      for (const other of others) expect(other.equals(mac)).toBe(false);
    }),
  );
});

test("without a Message-ID, the date and headers tell two mails apart", () => {
  const mail = { messageId: null, date: new Date(0), subject: "a", from: [], to: [], cc: [] };
  const macOf = (changed: object) =>
    mailMac(key, { sender: "a@b", mail: { ...mail, ...changed }, raw: raw("", "x") });

  expect(macOf({}).equals(macOf({}))).toBe(true);
  expect(macOf({ date: new Date(1) }).equals(macOf({}))).toBe(false);
  expect(macOf({ subject: "b" }).equals(macOf({}))).toBe(false);
});

test("a thread's id is a UUID, the same for both halves of a split mail, and tells nothing of the mail", () => {
  const mac = messageIdMac(key, "<a@b>");

  expect(newThreadId(key, mac)).toBe(newThreadId(key, mac));
  expect(newThreadId(key, mac)).toMatch(
    /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
  );
  expect(newThreadId(otherKey, mac)).not.toBe(newThreadId(key, mac));
});
