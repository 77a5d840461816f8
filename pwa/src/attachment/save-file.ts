/**
 * Hands opened bytes to the browser as a download, and lets go of them.
 */

/** Long enough for the browser to have begun reading the blob. */
const RELEASE_AFTER = 60_000;

export function saveFile(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), RELEASE_AFTER);
}
