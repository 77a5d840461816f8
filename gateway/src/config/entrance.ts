/**
 * Who may come in by SMTP, and how much: TLS, trusted networks, proxies, limits for everybody else.
 */
import { isLoopback, type Networks, readNetworks } from "./networks.ts";
import type { Reader } from "./reader.ts";

/** Files in PEM, read again when they change. */
export type CertificateFiles = { readonly certificate: string; readonly key: string };

/** Of clients outside the trusted networks. */
export type EntranceLimits = {
  /** Connections of one client address at one time. */
  readonly connections: number;
  /** Mails of one client address a minute. */
  readonly mailsAMinute: number;
  /** Recipients of one sender an hour. */
  readonly recipientsAnHour: number;
};

export type Entrance = {
  readonly smtpHost: string;
  readonly smtpPort: number;
  /** With TLS from the first byte; null for no such port. */
  readonly smtpsPort: number | null;
  readonly certificateFiles: CertificateFiles | null;
  /** Whose clients need no sign-in, like Postfix's mynetworks. */
  readonly trusted: Networks;
  /** Whose connections begin with a PROXY header. */
  readonly proxies: Networks;
  readonly limits: EntranceLimits;
};

/** As Postfix's smtpd_client_connection_count_limit. */
const usualConnections = 50;
/** Ten a second: more than a mail client sends, and enough for a small server. */
const usualMailsAMinute = 600;
/** A newsletter to everybody of a small town; a hijacked sender gets no further in an hour. */
const usualRecipientsAnHour = 5_000;
const mostOfALimit = 1_000_000;

export function readEntrance(reader: Reader): Entrance {
  const smtpHost = reader.text("SEALPOST_SMTP_HOST", "127.0.0.1");
  const certificateFiles = readCertificateFiles(reader);
  if (!isLoopback(smtpHost) && certificateFiles === null) {
    reader.wrong(
      `SEALPOST_SMTP_HOST is "${smtpHost}", but without TLS and sign-in this gateway would be open to the network: set SEALPOST_TLS_CERT and SEALPOST_TLS_KEY, or set it to 127.0.0.1 or ::1.`,
    );
  }
  const smtpsPort = reader.optionalPort("SEALPOST_SMTPS_PORT");
  if (smtpsPort !== null && certificateFiles === null) {
    reader.wrong(
      "SEALPOST_SMTPS_PORT needs a certificate: set SEALPOST_TLS_CERT and SEALPOST_TLS_KEY, or leave it out.",
    );
  }
  return {
    smtpHost,
    smtpPort: reader.port("SEALPOST_SMTP_PORT", 2525),
    smtpsPort,
    certificateFiles,
    trusted: readRanges(reader, "SEALPOST_TRUSTED_NETWORKS", "127.0.0.0/8,::1"),
    proxies: readRanges(reader, "SEALPOST_PROXY_FROM", "none"),
    limits: {
      connections: reader.whole("SEALPOST_CLIENT_CONNECTIONS", usualConnections, mostOfALimit),
      mailsAMinute: reader.whole("SEALPOST_CLIENT_MAILS_PER_MINUTE", usualMailsAMinute, mostOfALimit),
      recipientsAnHour: reader.whole(
        "SEALPOST_SENDER_RECIPIENTS_PER_HOUR",
        usualRecipientsAnHour,
        mostOfALimit,
      ),
    },
  };
}

function readCertificateFiles(reader: Reader): CertificateFiles | null {
  const [hasCertificate, hasKey] = [reader.isSet("SEALPOST_TLS_CERT"), reader.isSet("SEALPOST_TLS_KEY")];
  if (hasCertificate !== hasKey) {
    const [set, missing] = hasKey ? ["KEY", "CERT"] : ["CERT", "KEY"];
    reader.wrong(
      `SEALPOST_TLS_${set} is set, but SEALPOST_TLS_${missing} is not: set both to files in PEM, or neither.`,
    );
  }
  if (!hasCertificate || !hasKey) return null;
  return { certificate: reader.text("SEALPOST_TLS_CERT"), key: reader.text("SEALPOST_TLS_KEY") };
}

function readRanges(reader: Reader, name: string, usual: string): Networks {
  const read = readNetworks(reader.text(name, usual));
  if (read.kind === "networks") return read.networks;
  reader.wrong(
    `${name} has "${read.entry}", which is no network of an organisation: list networks such as 10.20.0.0/16, or write none.`,
  );
  return { contains: () => false };
}
