/**
 * Text that was wrapped for the journey: format=flowed and DelSp (RFC 3676).
 */

/** Joins flowed lines of one quote depth; signature lines stay. Line breaks come out as `\n`. */
export function unflow(text: string, deleteSpace: boolean): string {
  const paragraphs: string[] = [];
  let line: string[] = [];
  let depth = 0;
  const finish = () => {
    if (line.length > 0) paragraphs.push(quoted(depth, line.join("")));
    line = [];
  };
  for (const source of text.split(/\r?\n/u)) {
    const marks = quoteDepth(source);
    const content = unstuff(source.slice(marks));
    const signature = content === "-- ";
    if (line.length > 0 && (marks !== depth || signature)) finish();
    depth = marks;
    const flows = content.endsWith(" ") && !signature;
    line.push(flows && deleteSpace ? content.slice(0, -1) : content);
    if (!flows) finish();
  }
  finish();
  return paragraphs.join("\n");
}

function quoteDepth(line: string): number {
  let depth = 0;
  while (line[depth] === ">") depth++;
  return depth;
}

function unstuff(content: string): string {
  return content.startsWith(" ") ? content.slice(1) : content;
}

function quoted(depth: number, content: string): string {
  return depth === 0 ? content : `${">".repeat(depth)} ${content}`;
}
