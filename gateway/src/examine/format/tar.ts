/**
 * The files of a tar archive (POSIX.1-2001 ustar; long names of GNU tar).
 */

export type TarEntry = { readonly name: string; readonly bytes: Buffer };
export type TarFiles = { readonly entries: readonly TarEntry[]; readonly whole: boolean };

const BLOCK = 512;
const REGULAR = new Set(["0", "\0", "7"]);

/** Reads up to `entriesMax` files. The bytes are views of the archive. */
export function readTar(tar: Buffer, entriesMax: number): TarFiles {
  const entries: TarEntry[] = [];
  let longName: string | null = null;
  let at = 0;
  while (at + BLOCK <= tar.length && tar[at] !== 0) {
    const size = Number.parseInt(field(tar, at + 124, 12).trim() || "0", 8);
    const start = at + BLOCK;
    if (!Number.isSafeInteger(size) || start + size > tar.length || entries.length >= entriesMax)
      return { entries, whole: false };
    const type = String.fromCharCode(tar[at + 156] ?? 0);
    const bytes = tar.subarray(start, start + size);
    if (type === "L") longName = bytes.toString("utf8").replace(/\0.*$/su, "");
    else if (REGULAR.has(type)) {
      entries.push({ name: longName ?? field(tar, at, 100), bytes });
      longName = null;
    }
    at = start + Math.ceil(size / BLOCK) * BLOCK;
  }
  return { entries, whole: true };
}

function field(tar: Buffer, at: number, length: number): string {
  return tar.toString("utf8", at, at + length).replace(/\0.*$/su, "");
}
