/**
 * Files and mails as their programs write them, made small for tests.
 */
import { deflateSync, zipSync } from "fflate";

const utf8 = (text: string) => new TextEncoder().encode(text);
const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';

/** A zip of texts or bytes. */
export function zip(files: Record<string, string | Uint8Array>, level: 0 | 6 = 6): Buffer {
  const entries = Object.entries(files).map(([name, content]) => [
    name,
    typeof content === "string" ? utf8(content) : content,
  ]);
  return Buffer.from(zipSync(Object.fromEntries(entries), { level }));
}

export function docx(paragraphs: readonly string[], more: Record<string, string | Uint8Array> = {}): Buffer {
  const body = paragraphs
    .map((text) => `<w:p><w:r><w:t xml:space="preserve">${text}</w:t></w:r></w:p>`)
    .join("");
  return zip({
    "[Content_Types].xml": `${XML}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>`,
    "word/document.xml": `${XML}<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>${body}</w:body></w:document>`,
    ...more,
  });
}

/** Texts go to the shared table, numbers into the cells. */
export function xlsx(rows: readonly (readonly (string | number)[])[]): Buffer {
  const strings: string[] = [];
  const cell = (value: string | number) =>
    typeof value === "number" ? `<c><v>${value}</v></c>` : `<c t="s"><v>${strings.push(value) - 1}</v></c>`;
  const data = rows.map((row) => `<row>${row.map(cell).join("")}</row>`).join("");
  return zip({
    "[Content_Types].xml": `${XML}<Types/>`,
    "xl/workbook.xml": `${XML}<workbook/>`,
    "xl/worksheets/sheet1.xml": `${XML}<worksheet><sheetData>${data}</sheetData></worksheet>`,
    "xl/sharedStrings.xml": `${XML}<sst>${strings.map((text) => `<si><t>${text}</t></si>`).join("")}</sst>`,
  });
}

export function pptx(slides: readonly string[]): Buffer {
  const files = slides.map((text, index): [string, string] => [
    `ppt/slides/slide${index + 1}.xml`,
    `${XML}<p:sld xmlns:a="a" xmlns:p="p"><p:txBody><a:p><a:r><a:t>${text}</a:t></a:r></a:p></p:txBody></p:sld>`,
  ]);
  return zip({
    "[Content_Types].xml": `${XML}<Types/>`,
    "ppt/presentation.xml": `${XML}<p/>`,
    ...Object.fromEntries(files),
  });
}

export function odt(paragraphs: readonly string[], manifest = "<manifest/>"): Buffer {
  const body = paragraphs.map((text) => `<text:p>${text}</text:p>`).join("");
  const files = {
    "content.xml": `${XML}<office:document-content>${body}</office:document-content>`,
    "META-INF/manifest.xml": manifest,
  };
  return Buffer.from(
    zipSync({
      mimetype: [utf8("application/vnd.oasis.opendocument.text"), { level: 0 }],
      ...Object.fromEntries(Object.entries(files).map(([name, text]) => [name, utf8(text)])),
    }),
  );
}

/** One page a text, in Helvetica, with compressed page streams; `encrypt` adds a password that nobody knows, `packed` stands in for every page. */
export function pdf(pages: readonly string[], encrypt = false, packed?: Uint8Array): Buffer {
  const objects: Buffer[] = [];
  const add = (content: string | Buffer) => objects.push(Buffer.from(content));
  const kids = pages.map((_, index) => `${4 + index * 2} 0 R`).join(" ");
  add("<</Type/Catalog/Pages 2 0 R>>");
  add(`<</Type/Pages/Count ${pages.length}/Kids[${kids}]>>`);
  add("<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>");
  for (const [index, text] of pages.entries()) {
    const lines = text.split("\n").map((line) => `(${line.replace(/[\\()]/gu, "\\$&")}) Tj T*`);
    const stream =
      packed ?? deflateZlib(Buffer.from(`BT /F1 12 Tf 14 TL 72 720 Td ${lines.join(" ")} ET`, "latin1"));
    add(
      `<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Resources<</Font<</F1 3 0 R>>>>/Contents ${5 + index * 2} 0 R>>`,
    );
    add(
      Buffer.concat([
        Buffer.from(`<</Length ${stream.length}/Filter/FlateDecode>>stream\n`),
        stream,
        Buffer.from("\nendstream"),
      ]),
    );
  }
  const key = "00".repeat(32);
  const encryption = encrypt
    ? `/Encrypt<</Filter/Standard/V 1/R 2/Length 40/P -4/O<${key}>/U<${key}>>>/ID[<${"ab".repeat(16)}><${"ab".repeat(16)}>]`
    : "";
  return assemble(objects, encryption);
}

function deflateZlib(bytes: Uint8Array): Buffer {
  let [low, high] = [1, 0];
  for (const byte of bytes) {
    low = (low + byte) % 65_521;
    high = (high + low) % 65_521;
  }
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(high * 65_536 + low);
  return Buffer.concat([Buffer.from([0x78, 0x9c]), deflateSync(bytes), sum]);
}

function assemble(objects: readonly Buffer[], encryption: string): Buffer {
  const parts = [Buffer.from("%PDF-1.4\n%\xe2\xe3\xcf\xd3\n", "latin1")];
  const offsets: number[] = [];
  const length = () => parts.reduce((sum, part) => sum + part.length, 0);
  for (const [index, object] of objects.entries()) {
    offsets.push(length());
    parts.push(Buffer.concat([Buffer.from(`${index + 1} 0 obj\n`), object, Buffer.from("\nendobj\n")]));
  }
  const start = length();
  const table = offsets.map((offset) => `${String(offset).padStart(10, "0")} 00000 n \n`).join("");
  const trailer = `trailer<</Size ${objects.length + 1}/Root 1 0 R${encryption}>>\nstartxref\n${start}\n%%EOF\n`;
  parts.push(Buffer.from(`xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}${trailer}`));
  return Buffer.concat(parts);
}

export type Attached = { readonly name: string; readonly type?: string; readonly bytes: Uint8Array };

/** A mail with a plain body and attachments in base64. */
export function mailWith(
  body: string,
  attachments: readonly Attached[] = [],
  headers = "Subject: Papers",
): Buffer {
  const head = `From: Ann <ann@acme.example>\r\nTo: bob@other.example\r\n${headers}\r\nMIME-Version: 1.0\r\n`;
  const parts = attachments.map(
    ({ name, type = "application/octet-stream", bytes }) =>
      `--b\r\nContent-Type: ${type}; name="${name}"\r\nContent-Disposition: attachment; filename="${name}"\r\nContent-Transfer-Encoding: base64\r\n\r\n${Buffer.from(bytes).toString("base64").replace(/.{76}/gu, "$&\r\n")}\r\n`,
  );
  const text = `--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n${body}\r\n`;
  return Buffer.from(
    `${head}Content-Type: multipart/mixed; boundary=b\r\n\r\n${text}${parts.join("")}--b--\r\n`,
  );
}

/** A ustar archive. */
export function tar(files: Record<string, string>): Buffer {
  const blocks = Object.entries(files).map(([name, text]) => {
    const header = Buffer.alloc(512);
    header.write(name, 0);
    header.write(`${text.length.toString(8).padStart(11, "0")}\0`, 124);
    header.write("0", 156);
    header.write("ustar\0" + "00", 257);
    return Buffer.concat([header, Buffer.from(text), Buffer.alloc((512 - (text.length % 512)) % 512)]);
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}
