/**
 * Where ordinary mail is handed on, as one address whose scheme says how.
 *
 * `smtp://` encrypts where it can, as mail servers do among themselves; `smtp+starttls://` and `smtps://` demand TLS and a true
 * certificate (of a private authority: NODE_EXTRA_CA_CERTS); `lmtp://` gives an answer for each recipient (RFC 2033).
 */
import type { Reader } from "./reader.ts";

export type NextHop = {
  readonly protocol: "smtp" | "lmtp";
  readonly host: string;
  readonly port: number;
  readonly tls: "where-possible" | "starttls" | "from-the-start";
  readonly user: string | null;
  readonly password: string | null;
};

const schemes = {
  "smtp:": { protocol: "smtp", tls: "where-possible", port: 25 },
  "smtp+starttls:": { protocol: "smtp", tls: "starttls", port: 587 },
  "smtps:": { protocol: "smtp", tls: "from-the-start", port: 465 },
  "lmtp:": { protocol: "lmtp", tls: "where-possible", port: 24 },
} as const;

export function readNextHop(reader: Reader): NextHop {
  const text = reader.url(
    "SEALPOST_NEXT_HOP",
    /^(smtps?|smtp\+starttls|lmtp):$/,
    "smtp://mail.acme.example:25 (or smtp+starttls://, smtps://, lmtp://)",
  );
  const url = URL.parse(text);
  const scheme = Object.entries(schemes).find(([name]) => name === url?.protocol)?.[1] ?? schemes["smtp:"];
  return {
    ...scheme,
    host: url?.hostname.replace(/^\[|\]$/g, "") ?? "",
    port: Number(url?.port || scheme.port),
    user: url?.username ? decodeURIComponent(url.username) : null,
    password: url?.password ? decodeURIComponent(url.password) : null,
  };
}
