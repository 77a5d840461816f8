/**
 * Taking one mail that was admitted: its bytes, what becomes of it, and its line in the log.
 *
 * Whatever goes wrong with one mail is a 451 here and a line in the log, and the next mail is taken.
 */
import type { SMTPServerSession } from "smtp-server";
import { DatabaseProblem } from "../database/problem.ts";
import { causeOf, type Log } from "../log.ts";
import type { Organisation } from "../organisation/organisation.ts";
import { StorageAway } from "../secure/storage.ts";
import { type Answer, refused, tryLater } from "./answer.ts";
import { type Arrived, type Path, readPath } from "./arrived.ts";
import type { MailStream } from "./connection.ts";

export type TakePorts = {
  /** Undefined until it is known. */
  readonly organisation: () => Organisation | undefined;
  readonly passMail: (arrived: Arrived, organisation: Organisation) => Promise<Answer>;
  readonly mostBytes: (session: SMTPServerSession) => number;
  /** Names a mail in log and trace. */
  readonly newMailId: () => string;
  readonly now: () => number;
  readonly log: Log;
};

/** Takes one mail to its answer, and logs that. */
export async function takeMail(
  ports: TakePorts,
  stream: MailStream,
  session: SMTPServerSession,
): Promise<Answer> {
  const id = ports.newMailId();
  const started = ports.now();
  const { envelope } = session;
  const sender = envelope.mailFrom === false ? "" : envelope.mailFrom.address;
  const answer = await receive(ports, id, stream, session).catch((error: unknown) =>
    troubled(ports.log, id, error),
  );
  stream.release?.();
  ports.log(answer.code === 250 ? "info" : "warn", "answered a mail", {
    mail: id,
    sender,
    recipients: envelope.rcptTo.length,
    bytes: stream.byteLength,
    code: answer.code,
    ms: Math.round(ports.now() - started),
  });
  return answer;
}

async function receive(
  ports: TakePorts,
  id: string,
  stream: MailStream,
  session: SMTPServerSession,
): Promise<Answer> {
  const raw = await readAll(stream);
  const most = ports.mostBytes(session);
  switch (stream.notKept) {
    case "too-long":
      return refused(552, `5.3.4 A mail has at most ${most} bytes here: send large files in several mails.`);
    case "no-room":
      return tryLater("Too much mail at one time, try again in a moment", "4.3.1");
    case undefined:
  }
  const organisation = ports.organisation();
  if (organisation === undefined) return tryLater("The gateway is starting, or its database is away");
  return await ports.passMail(arrivedOf(id, raw, session), organisation);
}

/** Our DATA phase gives the whole mail as one piece; nothing is copied. */
async function readAll(stream: MailStream): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of stream) pieces.push(piece);
  return pieces.length === 1 && pieces[0] ? pieces[0] : Buffer.concat(pieces);
}

function arrivedOf(id: string, raw: Buffer, session: SMTPServerSession): Arrived {
  const { mailFrom, rcptTo, smtpUtf8, bodyType } = session.envelope;
  const sender: Path | null =
    mailFrom === false || mailFrom.address === "" ? null : readPath(mailFrom.address);
  return {
    id,
    raw,
    sender,
    recipients: rcptTo.map(({ address }) => readPath(address)),
    utf8: smtpUtf8 === true,
    eightBit: bodyType === "8bitmime",
    client: {
      address: session.remoteAddress,
      helo: session.hostNameAppearsAs || "unknown",
      protocol: session.transmissionType,
    },
  };
}

/** How a stream says that its source is gone. */
const hungUp = new Set(["ERR_STREAM_PREMATURE_CLOSE", "ECONNECTION", "ECONNRESET"]);

function troubled(log: Log, id: string, error: unknown): Answer {
  if (error instanceof StorageAway || (error instanceof DatabaseProblem && error.kind !== "refused")) {
    log("warn", "a mail has to come again: something is away", {
      mail: id,
      what: error.code,
      name: error.name,
    });
    return tryLater("The message store cannot be reached now, try again later");
  }
  const what = error instanceof DatabaseProblem ? error.code : causeOf(error);
  if (hungUp.has(what)) {
    log("info", "a client hung up within a mail", { mail: id, what });
    return tryLater("The mail did not arrive whole");
  }
  log("error", "a mail could not be dealt with", { mail: id, what });
  return tryLater("Something is wrong here, try again later");
}
