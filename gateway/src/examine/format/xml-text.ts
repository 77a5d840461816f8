/**
 * The words of an XML file in one pass: no tree, no entities but the built-in ones, no document type read.
 *
 * A hostile file (entities in entities, a million levels) costs its length and no more.
 */
import { decodeXML } from "entities";

const GREATER = 0x3e;
const QUOTE = 0x22;
const APOSTROPHE = 0x27;

/** Receives the file piece by piece. Names are without prefix; a self-closing element opens and closes. */
export type XmlReader = {
  open: (name: string, attributes: string) => void;
  close: (name: string) => void;
  text: (text: string) => void;
};

/** Reads what it can; what follows an unclosed tag is not read. Returns false in that case. */
export function readXml(xml: string, reader: XmlReader): boolean {
  let at = 0;
  for (;;) {
    const open = xml.indexOf("<", at);
    const text = xml.slice(at, open === -1 ? xml.length : open);
    if (text !== "") reader.text(text.includes("&") ? decodeXML(text) : text);
    if (open === -1) return true;
    const end = readMarkup(xml, open, reader);
    if (end === -1) return false;
    at = end;
  }
}

function readMarkup(xml: string, open: number, reader: XmlReader): number {
  if (xml.startsWith("<!--", open)) return after(xml, "-->", open + 4);
  if (xml.startsWith("<![CDATA[", open)) {
    const end = xml.indexOf("]]>", open + 9);
    reader.text(xml.slice(open + 9, end === -1 ? xml.length : end));
    return end === -1 ? -1 : end + 3;
  }
  if (xml.startsWith("<?", open)) return after(xml, "?>", open + 2);
  if (xml.startsWith("<!", open)) return afterDocumentType(xml, open);
  const end = tagEnd(xml, open);
  if (end === -1) return -1;
  readTag(xml.slice(open + 1, end), reader);
  return end + 1;
}

function readTag(tag: string, reader: XmlReader): void {
  if (tag.startsWith("/")) {
    reader.close(localName(tag.slice(1)));
    return;
  }
  const name = localName(tag);
  const space = tag.search(/[\s/]/u);
  reader.open(name, space === -1 ? "" : tag.slice(space));
  if (tag.endsWith("/")) reader.close(name);
}

/** A `>` may stand inside quotes; the next quote is looked for only once for each. */
function tagEnd(xml: string, open: number): number {
  for (let at = open + 1; at < xml.length; at++) {
    const char = xml.charCodeAt(at);
    if (char === GREATER) return at;
    if (char !== QUOTE && char !== APOSTROPHE) continue;
    at = xml.indexOf(char === QUOTE ? '"' : "'", at + 1);
    if (at === -1) return -1;
  }
  return -1;
}

function localName(tag: string): string {
  const name = /^[^\s/>]{1,100}/u.exec(tag)?.[0] ?? "";
  return name.slice(name.indexOf(":") + 1);
}

function after(xml: string, mark: string, from: number): number {
  const found = xml.indexOf(mark, from);
  return found === -1 ? -1 : found + mark.length;
}

/** With its internal subset, whose declarations are skipped and never expanded. */
function afterDocumentType(xml: string, open: number): number {
  const end = xml.indexOf(">", open);
  const subset = xml.indexOf("[", open);
  if (subset === -1 || subset > end) return end === -1 ? -1 : end + 1;
  const close = after(xml, "]", subset);
  return close === -1 ? -1 : after(xml, ">", close);
}

/** The value of an attribute, by its name with or without prefix; null when it is not there. */
export function xmlAttribute(attributes: string, name: string): string | null {
  const match = new RegExp(`(?:^|[\\s:])${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`, "u").exec(attributes);
  return match === null ? null : decodeXML(match[1] ?? match[2] ?? "");
}
