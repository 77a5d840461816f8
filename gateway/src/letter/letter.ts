/**
 * Our own letters to senders: short ordinary mails in words, from the null sender, that no machine answers (RFC 3834).
 */
import { sealParcel } from "@sealpost/shared/crypto/parcel.ts";
import type { Primitives } from "@sealpost/shared/crypto/primitives.ts";
import type { Keyring } from "../keys/deployment.ts";

export type LetterPorts = {
  readonly primitives: Primitives;
  readonly keyring: Keyring;
  readonly noticeDomain: string;
  readonly newId: () => string;
  readonly now: () => number;
};

export type Letter = {
  /** Who gets it: the sender of the mail that it is about. */
  readonly to: string;
  readonly from: string;
  readonly subject: string;
  /** Paragraphs. */
  readonly paragraphs: readonly string[];
  /** The Message-ID that it is about, so that it stands beside it; null where it had none. */
  readonly about: string | null;
};

/** A row for `private.add_letters`. */
export type LetterRow = { readonly id: string; readonly recipient: string; readonly content: string };

/** The letter as a relay job, sealed to this gateway until it is handed on. */
export async function letterRow(ports: LetterPorts, letter: Letter): Promise<LetterRow> {
  const id = ports.newId();
  const place = { role: "relay-job", ids: [id] } as const;
  const bytes = writeLetter(ports, letter);
  const to = ports.keyring.gateway.publicKey;
  const sealed = await sealParcel(ports.primitives, { to, place, bytes });
  return { id, recipient: letter.to, content: Buffer.from(sealed).toString("base64") };
}

/** The whole mail. */
export function writeLetter(
  { noticeDomain, newId, now }: Pick<LetterPorts, "noticeDomain" | "newId" | "now">,
  { to, from, subject, paragraphs, about }: Letter,
): Buffer {
  const head = [
    `From: ${encodedWords(from)} <mailer-daemon@${noticeDomain}>`,
    `To: <${to}>`,
    `Subject: ${encodedWords(subject)}`,
    `Date: ${new Date(now()).toUTCString().replace("GMT", "+0000")}`,
    `Message-ID: <${newId()}@${noticeDomain}>`,
    ...(isId(about) ? [`In-Reply-To: ${about}`, `References: ${about}`] : []),
    "Auto-Submitted: auto-replied",
    "MIME-Version: 1.0",
    "Content-Type: text/plain; charset=utf-8",
    "Content-Transfer-Encoding: base64",
  ];
  const text = Buffer.from(paragraphs.map((paragraph) => `${paragraph}\r\n`).join("\r\n"), "utf8");
  const body = text.toString("base64").replace(/.{76}/g, "$&\r\n");
  return Buffer.from([...head, "", body, ""].join("\r\n"), "utf8");
}

/** Longest piece of UTF-8 whose encoded word stays within 75 characters (RFC 2047 section 2). */
const wordBytes = 45;

function encodedWords(text: string): string {
  const line = text.replace(/\p{Cc}+/gu, " ").trim();
  if (/^[A-Za-z0-9 !'*+/_-]{0,60}$/.test(line)) return line;
  const words: string[] = [];
  let word = "";
  for (const character of line) {
    if (Buffer.byteLength(word + character) > wordBytes) {
      words.push(word);
      word = "";
    }
    word += character;
  }
  return [...words, word]
    .map((piece) => `=?utf-8?B?${Buffer.from(piece).toString("base64")}?=`)
    .join("\r\n ");
}

/** Folded into a header line of ours, so nothing but an id. */
function isId(about: string | null): about is string {
  return about !== null && /^<[\x21-\x3b\x3d\x3f-\x7e]{1,200}>$/.test(about);
}
