/**
 * Microsoft's numbers for charsets, as they stand in winmail.dat and RTF.
 */
const NAMES: ReadonlyMap<number, string> = new Map([
  [932, "shift_jis"],
  [936, "gbk"],
  [949, "euc-kr"],
  [950, "big5"],
  [874, "windows-874"],
  [1200, "utf-16le"],
  [1201, "utf-16be"],
  [10000, "macintosh"],
  [20127, "us-ascii"],
  [20866, "koi8-r"],
  [21866, "koi8-u"],
  [20932, "euc-jp"],
  [50220, "iso-2022-jp"],
  [50221, "iso-2022-jp"],
  [50222, "iso-2022-jp"],
  [50225, "iso-2022-kr"],
  [51932, "euc-jp"],
  [51949, "euc-kr"],
  [52936, "hz-gb-2312"],
  [54936, "gb18030"],
  [65000, "utf-7"],
  [65001, "utf-8"],
]);

/** RTF's `\fcharset` numbers as code pages. */
const FONT_CHARSETS: ReadonlyMap<number, number> = new Map([
  [77, 10000],
  [128, 932],
  [129, 949],
  [134, 936],
  [136, 950],
  [161, 1253],
  [162, 1254],
  [163, 1258],
  [177, 1255],
  [178, 1256],
  [186, 1257],
  [204, 1251],
  [222, 874],
  [238, 1250],
]);

/** The charset label of a code page; Windows-1252 for what is not known. */
export function codePageLabel(codePage: number): string {
  if (codePage >= 1250 && codePage <= 1258) return `windows-${codePage}`;
  if (codePage >= 28591 && codePage <= 28606) return `iso-8859-${codePage - 28590}`;
  return NAMES.get(codePage) ?? (codePage >= 437 && codePage <= 869 ? `cp${codePage}` : "windows-1252");
}

/** The charset label of an RTF font; null when it has none of its own. */
export function fontCharsetLabel(fontCharset: number): string | null {
  const codePage = FONT_CHARSETS.get(fontCharset);
  return codePage === undefined ? null : codePageLabel(codePage);
}
