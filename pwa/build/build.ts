/**
 * `npm -w pwa run build`: builds the portal into `dist/`.
 */
import { resolve } from "node:path";
import { buildPortal } from "./portal.ts";

const { files, bytes, warnings } = await buildPortal(resolve(import.meta.dirname, "../dist"));
for (const warning of warnings) process.stderr.write(`${warning}\n`);
process.stdout.write(
  `portal built: ${files} files, ${Math.round(bytes / 1000)} KB, kept for offline starts\n`,
);
