/**
 * SMTP in: takes mail from internal senders under the limits of limits.ts, and answers what became of it.
 *
 * The rim of the gateway: whatever goes wrong with one mail is a 451 here and a line in the log, and the next mail is taken.
 */
import type { AddressInfo } from "node:net";
import { SMTPServer, type SMTPServerSession } from "smtp-server";
import { DatabaseProblem } from "../database/problem.ts";
import { causeOf, type Log } from "../log.ts";
import { isInternal, type Organisation } from "../organisation/organisation.ts";
import { StorageAway } from "../secure/storage.ts";
import { type Answer, Refusal, refused, tryLater } from "./answer.ts";
import { type Arrived, type Path, readPath } from "./arrived.ts";
import { type MailStream, TrustedConnection } from "./connection.ts";
import { drainMs, idleMs, largestMail, mostConnections, mostRecipients } from "./limits.ts";
import type { Memory } from "./memory.ts";

export type ServerPorts = {
  /** Undefined until it is known. */
  readonly organisation: () => Organisation | undefined;
  readonly passMail: (arrived: Arrived, organisation: Organisation) => Promise<Answer>;
  readonly memory: Memory;
  readonly hostname: string;
  /** Names a mail in log and trace. */
  readonly newMailId: () => string;
  readonly now: () => number;
  readonly log: Log;
};

export type SmtpServer = {
  /** Resolves with the port. */
  listen(host: string, port: number): Promise<number>;
  /** Takes no new mail, lets what is in flight finish, then hangs up. */
  drain(): Promise<void>;
};

class TrustingServer extends SMTPServer {
  memory: Memory | undefined;

  override connect(...[socket, options]: Parameters<SMTPServer["connect"]>): void {
    const connection = new TrustedConnection(this, socket, options);
    connection.memory = this.memory;
    this.connections.add(connection);
    connection.on("error", (error) => this.emit("error", error));
    connection.init();
  }
}

export function makeSmtpServer(ports: ServerPorts): SmtpServer {
  const inFlight = new Set<Promise<void>>();
  const server = new TrustingServer({
    name: ports.hostname,
    banner: "Sealpost",
    disabledCommands: ["AUTH", "STARTTLS"], // loopback only, see config.ts
    disableReverseLookup: true,
    hideENHANCEDSTATUSCODES: false,
    size: largestMail,
    maxRecipients: mostRecipients,
    maxClients: mostConnections,
    socketTimeout: idleMs,
    closeTimeout: drainMs,
    logger: false,
    onMailFrom: (address, _session, done) => done(refusalOf(checkSender(ports, address.address))),
    onRcptTo: (address, session, done) => done(refusalOf(checkRecipient(ports, session, address.address))),
    onData(stream, session, done) {
      const mail = takeMail(ports, stream, session).then((answer) => {
        if (answer.code === 250) done(null, answer.text);
        else done(new Refusal(answer));
      });
      inFlight.add(mail);
      void mail.finally(() => inFlight.delete(mail));
    },
  });
  server.memory = ports.memory;
  server.on("error", (error) => ports.log("info", "a connection failed", { what: causeOf(error) }));
  return {
    listen: (host, port) => listen(server, host, port),
    drain: () => drain(server, inFlight),
  };
}

function refusalOf(answer: Answer | null): Refusal | null {
  return answer && new Refusal(answer);
}

/** Only the organisation's own people send through here; bounces (the null sender) are checked by recipient. */
function checkSender({ organisation }: ServerPorts, text: string): Answer | null {
  const known = organisation();
  if (known === undefined) return tryLater("The gateway is starting, or its database is away");
  if (text === "") return null;
  const { address } = readPath(text);
  if (address !== undefined && isInternal(known, address)) return null;
  return refused(
    550,
    "5.7.1 This gateway takes mail from the organisation's own addresses only, and yours is not one.",
  );
}

function checkRecipient(
  { organisation }: ServerPorts,
  session: SMTPServerSession,
  text: string,
): Answer | null {
  const known = organisation();
  if (known === undefined) return tryLater("The gateway is starting, or its database is away");
  const isBounce = session.envelope.mailFrom !== false && session.envelope.mailFrom.address === "";
  const { address } = readPath(text);
  if (!isBounce || (address !== undefined && isInternal(known, address))) return null;
  return refused(550, "5.7.1 Bounces are taken for the organisation's own addresses only.");
}

async function takeMail(ports: ServerPorts, stream: MailStream, session: SMTPServerSession): Promise<Answer> {
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
  ports: ServerPorts,
  id: string,
  stream: MailStream,
  session: SMTPServerSession,
): Promise<Answer> {
  const raw = await readAll(stream);
  switch (stream.notKept) {
    case "too-long":
      return refused(
        552,
        `5.3.4 A mail has at most ${largestMail} bytes here: send large files in several mails.`,
      );
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

function listen(server: TrustingServer, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.server.once("error", reject);
    server.listen(port, host, () => resolve((server.server.address() as AddressInfo).port));
  });
}

async function drain(server: TrustingServer, inFlight: ReadonlySet<Promise<void>>): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  for (const connection of server.connections) {
    if (connection instanceof TrustedConnection && connection.isIdle) {
      connection.send(421, "4.3.2 The gateway is going down, try again in a moment");
    }
  }
  await Promise.allSettled(inFlight);
  for (const connection of server.connections) connection.close();
  await closed;
}
