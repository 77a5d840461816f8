/** A letter: one mail of ours in both its forms, before it has an envelope. */
export interface Letter {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** Columns of the text part: RFC 5322 recommends at most 78. */
const TEXT_COLUMNS = 72;

/** A text part out of paragraphs. Lines are broken between words only, so that addresses and passwords stay whole. */
export function plainText(paragraphs: readonly string[]): string {
  return `${paragraphs.map((paragraph) => paragraph.split("\n").map(wrapped).join("\n")).join("\n\n")}\n`;
}

function wrapped(line: string): string {
  const lead = /^(?: *(?:- |\d+\. )?)/.exec(line)?.[0] ?? "";
  const [first = "", ...words] = line.slice(lead.length).split(/ +/);
  const rows: string[] = [];
  let row = lead + first;
  for (const word of words) {
    if (row.length + 1 + word.length > TEXT_COLUMNS) {
      rows.push(row);
      row = " ".repeat(lead.length) + word;
    } else row += ` ${word}`;
  }
  return [...rows, row].join("\n");
}

/** One line of visible text, for names that people chose: no controls, no invisible or direction-changing characters. */
export function oneLine(text: string, mostCharacters: number): string {
  const visible = text.replaceAll(/[\p{Cc}\p{Cf}\p{Cn}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/gu, " ");
  const characters = [...visible.replaceAll(/\s+/gu, " ").trim()];
  if (characters.length <= mostCharacters) return characters.join("");
  return `${characters
    .slice(0, mostCharacters - 1)
    .join("")
    .trimEnd()}…`;
}
