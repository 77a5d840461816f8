/**
 * A load generator in a process of its own: so many clients with kept connections, each sending the next mail when the last
 * one was answered, the envelope pipelined (RFC 2920).
 *
 * `node load.ts <port> <clients> <seconds> <bytes>` prints one JSON line.
 */
import { randomBytes } from "node:crypto";
import { connect, type Socket } from "node:net";

/** What a run measured. Times in milliseconds, from the envelope to the last answer. */
export type Measured = {
  readonly mailsPerSecond: number;
  readonly mails: number;
  readonly refused: number;
  readonly p50: number;
  readonly p99: number;
};

const recipients = 100;
const senders = 20;

const [port, clients, seconds, bytes] = process.argv.slice(2).map(Number) as [number, number, number, number];
const run = randomBytes(6).toString("hex");
const times: number[] = [];
let refused = 0;
let number = 0;
const until = performance.now() + seconds * 1_000;

const line = `${"The figures of the quarter are better than expected. ".repeat(2).slice(0, 76)}\r\n`;
const text = line.repeat(Math.max(1, Math.round((bytes - 300) / line.length)));

await Promise.all(Array.from({ length: clients }, client));
times.sort((a, b) => a - b);
const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
const measured: Measured = {
  mailsPerSecond: times.length / seconds,
  mails: times.length,
  refused,
  p50: at(0.5),
  p99: at(0.99),
};
process.stdout.write(`${JSON.stringify(measured)}\n`);

async function client(): Promise<void> {
  const socket = connect({ port, host: "127.0.0.1", noDelay: true });
  const answers = answersOf(socket);
  await answers(1);
  socket.write("EHLO bench.acme.example\r\n");
  await answers(1);
  while (performance.now() < until) {
    const started = performance.now();
    const { envelope, mail } = nextMail();
    socket.write(envelope);
    await answers(3);
    socket.write(mail);
    const [answer] = await answers(1);
    if (answer?.startsWith("250")) times.push(performance.now() - started);
    else refused += 1;
  }
  socket.end("QUIT\r\n");
}

function nextMail(): { readonly envelope: string; readonly mail: string } {
  number += 1;
  const from = `sender${number % senders}@acme.example`;
  const to = `recipient${number % recipients}@elsewhere.example`;
  const head = [
    `From: Sender <${from}>`,
    `To: Recipient <${to}>`,
    "Subject: [secure] Quarterly figures",
    `Message-ID: <${run}.${number}@acme.example>`,
    "Date: Tue, 24 Nov 2026 10:00:00 +0000",
    "MIME-Version: 1.0",
    "Content-Type: text/plain; charset=utf-8",
  ].join("\r\n");
  return {
    envelope: `MAIL FROM:<${from}>\r\nRCPT TO:<${to}>\r\nDATA\r\n`,
    mail: `${head}\r\n\r\n${text}.\r\n`,
  };
}

/** Resolves with the last line of each of so many answers. */
function answersOf(socket: Socket): (count: number) => Promise<string[]> {
  let lines: string[] = [];
  let rest = "";
  let check = () => {};
  socket.setEncoding("latin1");
  socket.on("data", (chunk: string) => {
    const parts = (rest + chunk).split("\r\n");
    rest = parts.pop() ?? "";
    for (const line of parts) if (line[3] === " ") lines.push(line);
    check();
  });
  const give = (why: string) => {
    process.stderr.write(`load: ${why} ${lines.join(" ")}\n`);
    process.exit(1);
  };
  socket.on("error", (error) => give(error.message));
  socket.on("close", () => performance.now() < until && give("the server hung up"));
  return (count) =>
    new Promise((resolve) => {
      check = () => {
        if (lines.length < count) return;
        const taken = lines.slice(0, count);
        lines = lines.slice(count);
        check = () => {};
        resolve(taken);
      };
      check();
    });
}
