/** The notice, as its reader and as an attacker see it. */
import { expect, test } from "vitest";
import { english } from "./english.ts";
import { type Notice, noticeLetter } from "./notice.ts";

const usual: Notice = {
  organisation: "Acme Health",
  senderName: "Dr. Ruth Adler",
  senderAddress: "ruth.adler@acme.example",
  recipient: "bob@guest.example",
  expiresAt: new Date("2026-12-01T10:42:00Z"),
  viewLimit: null,
  phrase: null,
  firstContact: false,
  portal: new URL("https://secure.acme.example/"),
  deliveryId: "0b9f2c1e-6a57-4d0e-9a43-5d8c1c2f7e11",
};

const parts = (change: Partial<Notice> = {}) => {
  const { subject, text, html } = noticeLetter({ ...usual, ...change }, english);
  return {
    subject,
    text,
    html,
    seen: html.replace(/<style>[\s\S]*?<\/style>/, "").replaceAll(/<[^>]+>/g, " "),
  };
};

test("both parts say who, from where, to whom, until when, where to read it, and how to check it", () => {
  const { subject, text, seen } = parts();

  expect(subject).toBe("Dr. Ruth Adler (Acme Health) sent you a secure message");
  for (const part of [text, seen]) {
    expect(part).toContain("Dr. Ruth Adler");
    expect(part).toContain("ruth.adler@acme.example");
    expect(part).toContain("bob@guest.example");
    expect(part).toContain("Tuesday 1 December 2026, 10:42 UTC");
    expect(part).toContain("https://secure.acme.example/m/0b9f2c1e-6a57-4d0e-9a43-5d8c1c2f7e11");
    expect(part).toContain("How to check that this mail is genuine");
    expect(part).toContain("We never ask for a password by mail");
  }
});

test("its links lead to this one delivery and nowhere else, and nothing is loaded", () => {
  const { html } = parts({ phrase: "blue bicycle", firstContact: true });

  const hrefs = [...html.matchAll(/href="([^"]*)"/g)].map(([, href]) => href);
  expect(new Set(hrefs)).toEqual(
    new Set(["https://secure.acme.example/m/0b9f2c1e-6a57-4d0e-9a43-5d8c1c2f7e11"]),
  );
  expect([...html.matchAll(/src="([^"]*)"/g)].map(([, src]) => src)).toEqual(["cid:seal@sealpost"]);
  expect(html).not.toMatch(/url\(|@import|<script|<link/i);
});

test("at first contact it says where the temporary password comes from; later it does not", () => {
  for (const part of ["text", "seen"] as const) {
    expect(parts({ firstContact: true })[part]).toMatch(/temporary password/);
    expect(parts({ firstContact: false })[part]).not.toMatch(/temporary password/);
  }
});

test("a personal phrase is shown to who has one", () => {
  expect(parts({ phrase: "blue bicycle" }).text).toContain("Your personal phrase:\n    blue bicycle");
  expect(parts({ phrase: "blue bicycle" }).seen).toContain("blue bicycle");
  expect(parts().text).not.toContain("personal phrase");
});

test("a message without an end says so, one that opens once too", () => {
  for (const part of ["text", "seen"] as const) {
    expect(parts({ expiresAt: null })[part]).toContain("It does not expire");
    expect(parts({ viewLimit: 1 })[part]).toContain("It opens one time only.");
    expect(parts()[part]).not.toContain("one time only");
  }
});

test("a sender without a name is named by the address", () => {
  const { subject, text } = parts({ senderName: " \u200b " });

  expect(subject).toBe("ruth.adler@acme.example (Acme Health) sent you a secure message");
  expect(text).toContain("From: ruth.adler@acme.example\n");
});

test("a name is text, on one line and in one direction, however it was written", () => {
  const { subject, html } = parts({
    senderName: '<img src="https://evil.example/x.png">\r\nBcc: eve\u202e & "co"',
  });

  expect(subject).toBe(
    '<img src="https://evil.example/x.png"> Bcc: eve & "co" (Acme Health) sent you a secure message',
  );
  expect(html).not.toContain('<img src="https');
  expect(html).toContain(
    "&lt;img src=&quot;https://evil.example/x.png&quot;&gt; Bcc: eve &amp; &quot;co&quot;",
  );
});

test("a name of a thousand characters stays a line that can be read", () => {
  expect(parts({ senderName: "Ruth ".repeat(200) }).subject.length).toBeLessThan(130);
});

test("lines of the text part are short, and no address in it is broken", () => {
  const { text } = parts({ firstContact: true });

  const long = text.split("\n").filter((line) => line.length > 72 && line.includes(" "));
  expect(long).toEqual([]);
});
