/**
 * One mail over one connection to the next hop, and what it answered for the mail and for each recipient.
 */
import type SMTPConnection from "nodemailer/lib/smtp-connection";

/** `from` is empty for the null sender. Paths as they are sent. */
export type Envelope = {
  readonly from: string;
  readonly to: readonly string[];
  readonly utf8: boolean;
  readonly eightBit: boolean;
};

/** A code, and the text after it: with its enhanced status code where the server gave one. */
export type Reply = { readonly code: number; readonly text: string };

export type RecipientRefusal = { readonly address: string; readonly reply: Reply };

export type Answered =
  /** The mail was taken for all recipients but these. */
  | { kind: "taken"; reply: Reply; refusals: readonly RecipientRefusal[] }
  /** It was taken for nobody. `refusals` are empty where the mail itself was refused. */
  | { kind: "refused"; reply: Reply; refusals: readonly RecipientRefusal[] };

/** Throws what nodemailer throws where the connection gave no answer. */
export async function transact(
  connection: SMTPConnection,
  envelope: Envelope,
  mail: Buffer,
): Promise<Answered> {
  const { from, to, utf8, eightBit } = envelope;
  if (utf8) askForUtf8(connection);
  const use8BitMime = eightBit || utf8;
  return await new Promise((resolve, reject) => {
    connection.send({ from, to: [...to], size: mail.length, use8BitMime }, mail, (error, info) => {
      if (error === null) {
        const refusals = refusalsOf(info?.rejectedErrors);
        return resolve(answered(readReply(info?.response ?? ""), refusals, info?.accepted.length ?? 0));
      }
      const response = "response" in error && typeof error.response === "string" ? error.response : "";
      if (response === "" && !tooLargeThere(error)) return reject(error);
      const reply = response === "" ? tooLarge : readReply(response);
      const rejectedErrors = "rejectedErrors" in error ? error.rejectedErrors : undefined;
      // the connection is in an unknown state only where it closed; a reset makes it usable again
      resolve({ kind: "refused", reply, refusals: refusalsOf(rejectedErrors) });
    });
  });
}

/** By LMTP the mail is answered for each recipient, and the last answer is no more than that. */
function answered(last: Reply, refusals: readonly RecipientRefusal[], accepted: number): Answered {
  const [first] = refusals;
  if (accepted === 0 && first !== undefined) return { kind: "refused", reply: first.reply, refusals };
  return { kind: "taken", reply: last.code < 400 ? last : taken, refusals };
}

const taken: Reply = { code: 250, text: "2.0.0 The next mail server took the mail" };

const tooLarge: Reply = { code: 552, text: "5.3.4 The next mail server takes no mail of this size" };

/** nodemailer compares with the advertised SIZE by itself, before it sends anything. */
function tooLargeThere(error: Error): boolean {
  return "code" in error && error.code === "EMESSAGE" && error.message.startsWith("Message size larger");
}

/** Several lines become one; each begins with the code, and with the enhanced status code again. */
function readReply(response: string): Reply {
  const lines = response.split(/\r?\n/);
  const code = Number(/^\d{3}/.exec(response)?.[0] ?? 451);
  const texts = lines.map((line) => line.replace(/^\d{3}[ -]?/, ""));
  const status = /^\d\.\d{1,3}\.\d{1,3} /.exec(texts[0] ?? "")?.[0] ?? "";
  const rest = texts.map((text) =>
    status !== "" && text.startsWith(status) ? text.slice(status.length) : text,
  );
  return { code, text: `${status}${rest.join(" ").trim()}` };
}

function refusalsOf(errors: unknown): RecipientRefusal[] {
  if (!Array.isArray(errors)) return [];
  return errors.flatMap((error: { recipient?: unknown; response?: unknown }) =>
    typeof error.recipient === "string" && typeof error.response === "string"
      ? [{ address: error.recipient, reply: readReply(error.response) }]
      : [],
  );
}

type Inner = { _sendCommand(command: string, logged?: string): void; _supportedExtensions: string[] };

/**
 * nodemailer says SMTPUTF8 only where an address needs it; a mail whose headers need it must say so too (RFC 6531).
 * Leans on an inner method; server.stack.test.ts fails when it moves.
 */
function askForUtf8(connection: SMTPConnection): void {
  const inner = connection as unknown as Inner;
  const send = Object.getPrototypeOf(connection)._sendCommand as Inner["_sendCommand"];
  inner._sendCommand = (command, logged) => {
    const isMail = command.startsWith("MAIL FROM:");
    if (isMail) inner._sendCommand = send;
    const asks = isMail && inner._supportedExtensions.includes("SMTPUTF8") && !command.includes(" SMTPUTF8");
    send.call(connection, asks ? `${command} SMTPUTF8` : command, logged);
  };
}
