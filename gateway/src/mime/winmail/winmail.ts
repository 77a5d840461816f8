/**
 * winmail.dat (TNEF, [MS-OXTNEF]): Outlook's envelope for rich text, opened to its text and attachments.
 *
 * One pass. A damaged one gives what stands before the damage.
 */
import { decodeCharset } from "../charset.ts";
import { safeFileName } from "../file-name.ts";
import type { AttachmentDraft } from "../leaf.ts";
import { WINMAIL_NESTING_MAX } from "../limits.ts";
import { codePageLabel } from "./code-page.ts";
import { decompressRtf } from "./compressed-rtf.ts";
import {
  Cursor,
  isObjectProperty,
  isTextProperty,
  PROPERTY,
  type Property,
  propertyBytes,
  propertyText,
  readProperties,
} from "./property.ts";
import { readRtf } from "./rtf.ts";

export type Winmail = {
  text: string | null;
  html: string | null;
  attachments: AttachmentDraft[];
  /** Some of it could not be read: the file itself is worth keeping. */
  damaged: boolean;
};

const SIGNATURE = 0x223e9f78;
const ATTACHMENT_LEVEL = 2;
const OBJECT_ID_LENGTH = 16;
const ATTRIBUTE = {
  body: 0x800c,
  attachmentData: 0x800f,
  attachmentTitle: 0x8010,
  attachmentStart: 0x9002,
  messageProperties: 0x9003,
  attachmentProperties: 0x9005,
  codePage: 0x9007,
} as const;

type RawAttachment = {
  title: Buffer | null;
  data: Buffer | null;
  properties: ReadonlyMap<number, Property>;
};
type RawMessage = {
  charset: string;
  body: Buffer | null;
  properties: ReadonlyMap<number, Property>;
  attachments: RawAttachment[];
  damaged: boolean;
};

/** Opens a winmail.dat; null when it is none. */
export function readWinmail(bytes: Buffer): Winmail | null {
  return readNested(bytes, 1);
}

function readNested(bytes: Buffer, level: number): Winmail | null {
  const message = readAttributes(bytes);
  if (message === null) return null;
  const attachments = message.attachments.flatMap((attachment) =>
    toDrafts(attachment, message.charset, level),
  );
  return { ...readWords(message), attachments, damaged: message.damaged };
}

function readAttributes(bytes: Buffer): RawMessage | null {
  const cursor = new Cursor(bytes);
  if (cursor.left < 6 || cursor.uint32() !== SIGNATURE) return null;
  cursor.uint16(); // a key that nobody uses
  const message: RawMessage = {
    charset: "windows-1252",
    body: null,
    properties: new Map(),
    attachments: [],
    damaged: false,
  };
  // level, id, length, data, checksum; some writers end with filling
  while (cursor.left >= 11) {
    const level = cursor.uint8();
    const id = cursor.uint32() & 0xffff;
    const length = cursor.uint32();
    if (length > cursor.left) return { ...message, damaged: true };
    const data = cursor.take(length);
    cursor.take(Math.min(2, cursor.left));
    if (level === ATTACHMENT_LEVEL) readAttachmentAttribute(message, id, data);
    else readMessageAttribute(message, id, data);
  }
  return message;
}

function readMessageAttribute(message: RawMessage, id: number, data: Buffer): void {
  if (id === ATTRIBUTE.codePage && data.length >= 4) message.charset = codePageLabel(data.readUInt32LE(0));
  else if (id === ATTRIBUTE.body) message.body = data;
  else if (id === ATTRIBUTE.messageProperties) message.properties = propertiesOf(message, data);
}

function readAttachmentAttribute(message: RawMessage, id: number, data: Buffer): void {
  const { attachments } = message;
  if (id === ATTRIBUTE.attachmentStart) attachments.push({ title: null, data: null, properties: new Map() });
  const current = attachments.at(-1);
  if (current === undefined) return;
  if (id === ATTRIBUTE.attachmentTitle) current.title = data;
  else if (id === ATTRIBUTE.attachmentData) current.data = data;
  else if (id === ATTRIBUTE.attachmentProperties) current.properties = propertiesOf(message, data);
}

function propertiesOf(message: RawMessage, data: Buffer): ReadonlyMap<number, Property> {
  const { values, damaged } = readProperties(data);
  if (damaged) message.damaged = true;
  return values;
}

function readWords(message: RawMessage): { text: string | null; html: string | null } {
  const { properties, charset } = message;
  const plain = propertyText(properties.get(PROPERTY.body), charset) || bodyText(message);
  const rtfBytes = propertyBytes(properties.get(PROPERTY.compressedRtf));
  const rtf = rtfBytes === null ? null : decompressRtf(rtfBytes);
  const content = rtf === null ? null : readRtf(rtf);
  const text = plain === "" && content?.kind === "text" ? content.text : plain;
  const html = htmlProperty(message) ?? (content?.kind === "html" ? content.html : null);
  return { text: text === "" ? null : text.replaceAll("\0", "").replace(/\r\n?/gu, "\n"), html };
}

function bodyText(message: RawMessage): string {
  if (message.body === null) return "";
  return decodeCharset(message.body, message.charset).text.replace(/\0+$/u, "");
}

function htmlProperty(message: RawMessage): string | null {
  const property = message.properties.get(PROPERTY.html);
  if (property === undefined) return null;
  if (isTextProperty(property)) return propertyText(property, message.charset);
  const codePage = message.properties.get(PROPERTY.codePage)?.value;
  const label = typeof codePage === "number" ? codePageLabel(codePage) : message.charset;
  return decodeCharset(propertyBytes(property) ?? Buffer.alloc(0), label).text;
}

/** An attachment; an attached Outlook message gives its words as a file, and its own attachments. */
function toDrafts(attachment: RawAttachment, charset: string, level: number): AttachmentDraft[] {
  const { properties } = attachment;
  const text = (id: number) => propertyText(properties.get(id), charset);
  const type = text(PROPERTY.attachmentType).toLowerCase() || "application/octet-stream";
  const title =
    attachment.title === null ? "" : decodeCharset(attachment.title, charset).text.replace(/\0+$/u, "");
  const written =
    text(PROPERTY.attachmentLongName) || title || text(PROPERTY.attachmentName) || text(PROPERTY.displayName);
  const object = properties.get(PROPERTY.attachmentData);
  const embedded = isObjectProperty(object) ? embeddedDrafts(object, written, level) : null;
  if (embedded !== null) return embedded;
  const data = attachment.data ?? propertyBytes(object) ?? Buffer.alloc(0);
  const cid = text(PROPERTY.contentId).replace(/^<|>$/gu, "");
  return [{ name: safeFileName(written, type), type, cid: cid === "" ? null : cid, read: () => data }];
}

function embeddedDrafts(
  object: Property | undefined,
  written: string,
  level: number,
): AttachmentDraft[] | null {
  const bytes = propertyBytes(object);
  if (bytes === null || level >= WINMAIL_NESTING_MAX) return null;
  const inner = readNested(bytes.subarray(OBJECT_ID_LENGTH), level + 1);
  if (inner === null) return null;
  const words = inner.html ?? inner.text;
  if (words === null) return inner.attachments;
  const [type, ending] = inner.html === null ? ["text/plain", "txt"] : ["text/html", "html"];
  const charset = inner.html === null ? "" : '<meta charset="utf-8">';
  const name = safeFileName(written === "" ? "" : `${written}.${ending}`, type);
  return [{ name, type, cid: null, read: () => Buffer.from(charset + words, "utf8") }, ...inner.attachments];
}
