/**
 * Our own mails on their way to the next server, by nodemailer. Names and addresses go in as data, never as header text; nothing
 * is fetched or read from disk; what the server answers comes back in digits, for its words may repeat the mail.
 */
import { createTransport, type Transporter } from "nodemailer";
import type { Letter } from "../../templates/letter.ts";
import { SEAL_CID, sealMarkPng } from "../../templates/seal-mark.ts";

export interface OutgoingMail {
  readonly letter: Letter;
  /** Normalised. */
  readonly to: string;
  /** Shown as the name of `notices@<notice domain>`; one line. */
  readonly fromName: string;
  /** Bounces and replies come back to `notices+<token>@<notice domain>`. */
  readonly token: string;
  /** What stands before the @ of the Message-ID. */
  readonly messageId: string;
}

export type Delivery =
  | { kind: "taken" }
  /** The server will never take this mail. `code` is its answer in digits, such as "550 5.1.1". */
  | { kind: "refused"; code: string }
  | { kind: "try-later"; code: string };

export interface Postman {
  deliver(mail: OutgoingMail): Promise<Delivery>;
  /** Ends connections. */
  close(): void;
}

/** Mails that one postman has under way at a time. */
export const MAILS_AT_ONCE = 10;

/** All of them together stay well within a claim's two minutes, so that nobody else starts on the same mail. */
const TIMEOUTS = { connectionTimeout: 15_000, greetingTimeout: 15_000, socketTimeout: 30_000 };

export function postman(smtpUrl: URL, noticeDomain: string): Postman {
  const transport = createTransport({
    ...serverOf(smtpUrl),
    ...TIMEOUTS,
    pool: true,
    maxConnections: MAILS_AT_ONCE,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    deliver: (mail) => deliver(transport, noticeDomain, mail),
    close: () => transport.close(),
  };
}

/** `smtps:` is TLS from the start; on `smtp:` TLS is used where the server offers it. */
function serverOf(url: URL) {
  const secure = url.protocol === "smtps:";
  const auth = { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) };
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, "$1"),
    port: url.port === "" ? (secure ? 465 : 25) : Number(url.port),
    secure,
    ...(url.username !== "" && { auth }),
  };
}

async function deliver(transport: Transporter, domain: string, mail: OutgoingMail): Promise<Delivery> {
  const returnAddress = `notices+${mail.token}@${domain}`;
  try {
    await transport.sendMail({
      envelope: { from: returnAddress, to: [mail.to] },
      from: { name: mail.fromName, address: `notices@${domain}` },
      replyTo: { name: mail.fromName, address: returnAddress },
      to: { name: "", address: mail.to },
      messageId: `<${mail.messageId}@${domain}>`,
      headers: { "Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All" },
      subject: mail.letter.subject,
      text: mail.letter.text,
      html: mail.letter.html,
      attachments: [sealAttachment()],
    });
    return { kind: "taken" };
  } catch (error) {
    return failureOf(error);
  }
}

function sealAttachment() {
  return {
    filename: "seal.png",
    cid: SEAL_CID,
    contentType: "image/png",
    contentDisposition: "inline" as const,
    content: Buffer.from(sealMarkPng()),
  };
}

/** Only what is said of the recipient or of the mail is final; a refused log-in or sender is the operator's to mend. */
function failureOf(error: unknown): Delivery {
  const { responseCode, command, response, code } = error as Partial<SmtpError>;
  const final = command === "RCPT TO" || command === "DATA";
  if (typeof responseCode !== "number")
    return { kind: "try-later", code: typeof code === "string" ? code : "unknown" };
  const enhanced = /^\d{3}[ -](\d\.\d{1,3}\.\d{1,3})\b/.exec(response ?? "")?.[1];
  const digits = enhanced === undefined ? String(responseCode) : `${responseCode} ${enhanced}`;
  return { kind: final && responseCode >= 500 ? "refused" : "try-later", code: digits };
}

interface SmtpError {
  readonly responseCode: number;
  readonly command: string;
  readonly response: string;
  readonly code: string;
}
