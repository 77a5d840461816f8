import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { readReturned } from "./read-returned.ts";
import { returnToken } from "./return-address.ts";

const mail = (...lines: string[]) => Buffer.from(lines.join("\r\n"));
const report = (action: string) =>
  mail(
    'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
    ...["", "--b", "Content-Type: message/delivery-status", "", "Reporting-MTA: dns; mx.example", ""],
    ...["Final-Recipient: rfc822; bob@x.example", `Action: ${action}`, "Status: 5.1.1"],
    ...["Diagnostic-Code: smtp; 550 5.1.1", "  no such user", "--b--", ""],
  );

test("a failed delivery is a bounce, with what the mail server said; a delay is none", () => {
  expect(readReturned(report("failed"), true)).toEqual({
    kind: "bounce",
    detail: "5.1.1 550 5.1.1 no such user",
  });
  expect(readReturned(report("delayed"), true)).toEqual({ kind: "automatic" });
  const fixture = readFileSync(new URL("../mime/fixtures/bounce-report.eml", import.meta.url));
  expect(readReturned(fixture, true)).toEqual({ kind: "bounce", detail: "5.2.2" });
});

test("an older mail server's bounce names who failed", () => {
  const exim = mail("X-Failed-Recipients: bob@x.example", "Auto-Submitted: auto-replied", "", "failed");

  expect(readReturned(exim, true)).toMatchObject({ kind: "bounce" });
  expect(readReturned(exim, false)).toEqual({ kind: "automatic" }); // a person's mail client can write that too
});

test("machines that answer are told from people", () => {
  for (const header of [
    ...[
      "Auto-Submitted: auto-replied",
      "Auto-Submitted: auto-generated; x",
      "Precedence: bulk",
      "X-Autoreply: yes",
    ],
    ...["List-Id: <x>", "Content-Type: multipart/report; report-type=disposition-notification; boundary=b"],
  ])
    expect(readReturned(mail("From: x@y.example", header, "", "away"), false), header).toEqual({
      kind: "automatic",
    });
  expect(readReturned(mail("From: x@y.example", "", "away"), true)).toEqual({ kind: "automatic" });
  expect(readReturned(mail("Message-ID: <1@y>", "Auto-Submitted: no", "", "Thank you"), false)).toEqual({
    kind: "reply",
    messageId: "<1@y>",
  });
});

test("only the address of a notice is one", () => {
  const token = "0c9f8b0e-0f5a-4a52-8a5e-3f6f3a0d1b2c";

  expect(returnToken(`Notices+${token.toUpperCase()}@Mail.Acme.example`, "mail.acme.example")).toBe(token);
  for (const other of [
    ...[`notices+${token}@acme.example`, `notices+${token}x@mail.acme.example`, "notices@mail.acme.example"],
    ...[
      `notices+@mail.acme.example`,
      `x+${token}@mail.acme.example`,
      `notices+${token}@mail.acme.example@evil.example`,
    ],
  ])
    expect(returnToken(other, "mail.acme.example"), other).toBeUndefined();
});
