/**
 * RTF of a mail to the html that it wraps ([MS-OXRTFEX]: `\fromhtml1`), or to its plain words.
 *
 * One pass; formatting of RTF that wraps no html is dropped.
 */
import { decodeCharset } from "../charset.ts";
import { codePageLabel, fontCharsetLabel } from "./code-page.ts";

export type RtfContent = { kind: "html"; html: string } | { kind: "text"; text: string };

/** Groups without words of the message. */
const SILENT = new Set(
  "fonttbl colortbl stylesheet info pict object filetbl listtable listoverridetable header footer themedata".split(
    " ",
  ),
);
const SYMBOLS: ReadonlyMap<string, string> = new Map([
  ["par", "\n"],
  ["line", "\n"],
  ["tab", "\t"],
  ["lquote", "\u2018"],
  ["rquote", "\u2019"],
  ["ldblquote", "\u201c"],
  ["rdblquote", "\u201d"],
  ["bullet", "\u2022"],
  ["endash", "\u2013"],
  ["emdash", "\u2014"],
  ["~", "\u00a0"],
  ["_", "\u2011"],
  ["{", "{"],
  ["}", "}"],
  ["\\", "\\"],
]);
const TOKEN =
  /\\'([0-9a-fA-F]{2})|\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\([^a-zA-Z])|([{}])|[\r\n]+|[^\\{}\r\n]+/gu;

type State = {
  /** Not shown at all: a font table, a picture. */
  silent: boolean;
  /** Between `\htmlrtf` and `\htmlrtf0`: what stands there only for readers of RTF. */
  rtfOnly: boolean;
  inTag: boolean;
  fontTable: boolean;
  /** How many characters stand in for each `\u`. */
  fallback: number;
  charset: string;
};

/** Reads RTF; words in whichever charset its fonts say. */
export function readRtf(rtf: Buffer): RtfContent {
  const reader = new RtfReader();
  for (const token of rtf.toString("latin1").matchAll(TOKEN)) reader.read(token);
  return reader.finish();
}

class RtfReader {
  #state: State = {
    silent: false,
    rtfOnly: false,
    inTag: false,
    fontTable: false,
    fallback: 1,
    charset: "windows-1252",
  };
  #outer: State[] = [];
  #out: string[] = [];
  #bytes: number[] = [];
  #fonts = new Map<number, string>();
  #font = 0;
  #defaultCharset = "windows-1252";
  #wrapsHtml = false;
  /** Characters still to be skipped after a `\u`. */
  #skip = 0;
  #starred = false;

  read(token: RegExpExecArray): void {
    const [whole, hex, word, number, symbol, brace] = token;
    if (hex !== undefined) this.#byte(Number.parseInt(hex, 16));
    else if (word !== undefined) this.#word(word, number === undefined ? null : Number(number));
    else if (symbol === "*") this.#starred = true;
    else if (symbol !== undefined) this.#write(SYMBOLS.get(symbol) ?? "");
    else if (brace === "{") this.#outer.push({ ...this.#state });
    else if (brace === "}") this.#close();
    else if (!/^[\r\n]/u.test(whole)) this.#text(whole);
  }

  finish(): RtfContent {
    this.#flush();
    const content = this.#out.join("");
    if (this.#wrapsHtml) return { kind: "html", html: content };
    return { kind: "text", text: content.trim() };
  }

  #word(word: string, number: number | null): void {
    const starred = this.#starred;
    this.#starred = false;
    if (starred && word === "htmltag") this.#state.inTag = true;
    else if (starred || SILENT.has(word)) this.#silence(word);
    else if (word === "htmlrtf") this.#state.rtfOnly = number !== 0;
    else if (word === "u") this.#unicode(number ?? 0);
    else if (SYMBOLS.has(word)) this.#write(SYMBOLS.get(word) ?? "");
    else this.#setting(word, number ?? 0);
  }

  #setting(word: string, number: number): void {
    if (word === "fromhtml") this.#wrapsHtml = number === 1;
    else if (word === "uc") this.#state.fallback = Math.max(0, number);
    else if (word === "ansicpg") this.#defaultCharset = this.#state.charset = codePageLabel(number);
    else if (word === "f") this.#selectFont(number);
    else if (word === "plain") this.#state.charset = this.#defaultCharset;
    else if (word === "fcharset" && this.#state.fontTable) {
      this.#fonts.set(this.#font, fontCharsetLabel(number) ?? this.#defaultCharset);
    }
  }

  #selectFont(number: number): void {
    this.#flush();
    this.#font = number;
    if (!this.#state.fontTable) this.#state.charset = this.#fonts.get(number) ?? this.#defaultCharset;
  }

  #silence(word: string): void {
    this.#flush();
    this.#state.silent = true;
    if (word === "fonttbl") this.#state.fontTable = true;
  }

  #close(): void {
    this.#flush();
    this.#starred = false;
    this.#state = this.#outer.pop() ?? this.#state;
  }

  #unicode(number: number): void {
    const unit = number < 0 ? number + 65_536 : number;
    this.#write(unit > 0 && unit <= 0xffff ? String.fromCharCode(unit) : "");
    this.#skip = this.#state.fallback;
  }

  #byte(byte: number): void {
    if (this.#skip > 0) this.#skip--;
    else if (this.#shown()) this.#bytes.push(byte);
  }

  #text(text: string): void {
    const skipped = Math.min(this.#skip, text.length);
    this.#skip -= skipped;
    if (!this.#shown()) return;
    // a lead byte may be escaped while its second byte is a plain letter
    if (this.#bytes.length > 0 && /^(?:shift_jis|gbk|big5|euc-kr)$/u.test(this.#state.charset)) {
      for (const char of text.slice(skipped)) this.#bytes.push(char.charCodeAt(0));
      return;
    }
    this.#write(text.slice(skipped));
  }

  #write(text: string): void {
    this.#flush();
    if (text !== "" && this.#shown()) this.#out.push(text);
  }

  #shown(): boolean {
    return !this.#state.silent && (!this.#state.rtfOnly || this.#state.inTag);
  }

  #flush(): void {
    if (this.#bytes.length === 0) return;
    this.#out.push(decodeCharset(Uint8Array.from(this.#bytes), this.#state.charset).text);
    this.#bytes = [];
  }
}
