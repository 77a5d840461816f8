import fc from "fast-check";
import { expect, test } from "vitest";
import { startDataPhase, unstuffed } from "./data-phase.ts";

/** Feeds a transmission in pieces; gives the mail and what came after it. */
function receive(pieces: readonly Buffer[]) {
  const phase = startDataPhase();
  let rest: Buffer | undefined;
  for (const piece of pieces) {
    if (rest !== undefined) {
      rest = Buffer.concat([rest, piece]);
      continue;
    }
    const fed = phase.feed(piece);
    if (fed.kind === "ended") rest = fed.rest;
  }
  return { mail: phase.mail()?.toString("latin1"), rest: rest?.toString("latin1") };
}

/** What a client sends for a mail, by RFC 5321 section 4.5.2. */
function transmit(mail: string): string {
  const stuffed = mail.replace(/(^|\r\n)\./g, "$1..");
  return `${stuffed}${stuffed === "" || stuffed.endsWith("\r\n") ? "" : "\r\n"}.\r\n`;
}

function cut(text: string, at: readonly number[]): Buffer[] {
  const bytes = Buffer.from(text, "latin1");
  const cuts = [...new Set(at.map((n) => n % (bytes.length + 1)))].sort((a, b) => a - b);
  return [0, ...cuts].map((from, i) => bytes.subarray(from, cuts[i] ?? bytes.length));
}

const lines = fc
  .array(fc.constantFrom("\r\n", ".", "..", "a", "\n", "\r", "QUIT", ".\r\n.", "\n.\n"), { maxLength: 30 })
  .map((parts) => parts.join(""));

test("Ann's mail arrives as she wrote it, however the network cuts it", () => {
  fc.assert(
    fc.property(lines, fc.array(fc.nat(200), { maxLength: 12 }), (text, cuts) => {
      const written = text === "" || text.endsWith("\r\n") ? text : `${text}\r\n`;

      const received = receive(cut(`${transmit(written)}QUIT\r\n`, cuts));

      expect(received).toEqual({ mail: written, rest: "QUIT\r\n" });
    }),
    { numRuns: 2_000 },
  );
});

test("Eve cannot end a mail with bare line feeds and smuggle in a second one", () => {
  const smuggled = "Subject: x\r\n\r\nhello\n.\nMAIL FROM:<boss@acme.example>\r\n.\n\r\n";

  const received = receive([Buffer.from(`${smuggled}.\r\n`, "latin1")]);

  expect(received.mail).toBe(smuggled.replace("\r\n.\n", "\r\n\n"));
  expect(received.rest).toBe("");
});

test("a mail that was let go is still watched to its end", () => {
  const phase = startDataPhase();
  phase.feed(Buffer.from("Subject: far too long\r\n"));
  phase.letGo();

  const fed = phase.feed(Buffer.from("more\r\n.\r\nQUIT\r\n"));

  expect(fed).toEqual({ kind: "ended", rest: Buffer.from("QUIT\r\n") });
  expect(phase.mail()).toBeNull();
});

test("a mail without dots at line starts is not copied", () => {
  const mail = Buffer.from("Subject: x\r\n\r\nno dots\r\n");

  expect(unstuffed(mail)).toBe(mail);
});

test("ten times the dotted lines take about ten times as long, not a hundred times", () => {
  const time = (lineCount: number) => {
    const mail = Buffer.from("..\r\n".repeat(lineCount));
    const started = performance.now();
    unstuffed(mail);
    return performance.now() - started;
  };
  time(200_000); // warm

  expect(time(400_000)).toBeLessThan(40 * Math.max(time(40_000), 0.5));
});
