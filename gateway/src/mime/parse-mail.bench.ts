/**
 * What reading a mail costs, in CPU, beside two stock parsers: `npx node gateway/src/mime/parse-mail.bench.ts`.
 *
 * The fastest of repeated rounds: a busy machine only ever adds.
 */
import { simpleParser } from "mailparser";
import PostalMime from "postal-mime";
import { internalCopy } from "../internal-copy/internal-copy.ts";
import { stripTriggers } from "../internal-copy/strip-triggers.ts";
import { parseMail } from "./parse-mail.ts";

const ROUNDS = 12;
const LINE = "Hello Bob, this is a line of an ordinary mail.\r\n";
const SIZES = [
  { name: "5 KB", bytes: 5_000, runs: 400 },
  { name: "100 KB", bytes: 100_000, runs: 60 },
  { name: "5 MB", bytes: 5_000_000, runs: 3 },
];

for (const { name, bytes, runs } of SIZES) {
  const raw = writeMail(bytes);
  const costs = {
    "everything decoded": await fastest(runs, () => readAll(raw)),
    "structure and subject": await fastest(runs, () => parseMail(raw).subject),
    "triggers taken out": await fastest(runs, () => stripTriggers(raw)),
    "internal copy": await fastest(runs, () =>
      internalCopy(raw, { securedTo: ["bob@example.org"], trace: null }),
    ),
    "postal-mime": await fastest(runs, () => PostalMime.parse(raw)),
    mailparser: await fastest(runs, () => simpleParser(raw)),
  };
  const columns = Object.entries(costs).map(([what, ms]) => `${what} ${ms.toFixed(3)} ms`);
  process.stdout.write(`${name}: ${columns.join(", ")}\n`);
}

async function fastest(runs: number, act: () => unknown): Promise<number> {
  const rounds: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const start = process.cpuUsage();
    for (let run = 0; run < runs; run++) await act();
    const { user, system } = process.cpuUsage(start);
    rounds.push((user + system) / 1000 / runs);
  }
  return Math.min(...rounds);
}

function readAll(raw: Buffer): number {
  const mail = parseMail(raw);
  const words = [mail.subject, mail.text ?? "", mail.html ?? ""].map((text) => text.length);
  const files = mail.attachments.map((attachment) => attachment.content().length);
  return [...words, ...files, mail.to.length, mail.problems.length].reduce((sum, size) => sum + size, 0);
}

function writeMail(bytes: number): Buffer {
  const words = LINE.repeat(30);
  const file = Buffer.alloc(Math.max(0, (bytes - 2 * words.length) * 0.73), "attachment ").toString("base64");
  const lines = [
    "From: Alice <alice@acme.example>",
    "To: Bob <bob@example.org>",
    "Subject: [secure 7d] =?utf-8?Q?Gr=C3=BC=C3=9Fe?=",
    ...Array.from({ length: 12 }, (_, index) => `X-Field-${index}: something of a usual length for a field`),
    "MIME-Version: 1.0",
    "Content-Type: multipart/mixed; boundary=mixed\r\n",
    "--mixed\r\nContent-Type: multipart/alternative; boundary=both\r\n",
    `--both\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n${words}`,
    "--both\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n",
    `<p>${words}</p>\r\n--both--`,
    "--mixed\r\nContent-Type: application/pdf; name=a.pdf\r\nContent-Transfer-Encoding: base64\r\n",
    file.replace(/.{76}/gu, "$&\r\n"),
    "--mixed--\r\n",
  ];
  return Buffer.from(lines.join("\r\n"));
}
