/**
 * Subject and header fields as text: what the first component of a mail is made of.
 */
import { decodeWords } from "../mime/encoded-word.ts";
import { firstField, readHeaderBlock } from "../mime/header.ts";
import { HEADERS_TEXT_MAX } from "./limits.ts";

/** Signatures and hops: characters without words, and no sender wrote them. */
const MACHINE_FIELDS =
  /^(?:received|dkim-signature|domainkey-signature|arc-.*|x-google-.*|authentication-results|x-ms-exchange-.*|x-microsoft-antispam.*|content-.*|mime-version)$/u;

export type HeadersText = { readonly text: string; readonly cut: boolean };

/** All fields that people or their programs filled, one a line, decoded; the subject first. */
export function decodeHeaders(raw: Buffer): HeadersText {
  const block = readHeaderBlock(raw, 0, raw.length);
  const written = block.fields.filter(({ name }) => !MACHINE_FIELDS.test(name));
  const ordered = [
    ...written.filter(({ name }) => name === "subject"),
    ...written.filter(({ name }) => name !== "subject"),
  ];
  const lines: string[] = [];
  let length = 0;
  for (const field of ordered) {
    if (length + (field.end - field.start) > HEADERS_TEXT_MAX) return { text: lines.join("\n"), cut: true };
    const line = `${field.name}: ${decodeWords(firstField(raw, { ...block, fields: [field] }, field.name) ?? "")}`;
    lines.push(line);
    length += line.length;
  }
  return { text: lines.join("\n"), cut: block.problem === "too-many-headers" };
}
