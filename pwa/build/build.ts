/**
 * Builds the portal into `dist/`: the app by Vite, the service worker as one file, its list of files by Workbox.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { build } from "vite";
import { injectManifest } from "workbox-build";

const root = resolve(import.meta.dirname, "..");
const dist = join(root, "dist");

await build({ root, configFile: join(root, "vite.config.ts"), logLevel: "warn" });
const scratch = await mkdtemp(join(tmpdir(), "sealpost-worker-"));
try {
  await buildWorker(scratch);
  const { count, size, warnings } = await injectManifest({
    swSrc: join(scratch, "sw.js"),
    swDest: join(dist, "sw.js"),
    globDirectory: dist,
    globPatterns: ["**/*.{html,js,css,svg,webmanifest}", "icons/seal-192.png"],
    // The password dictionaries are needed once, online; the worker is not its own file.
    globIgnores: ["sw.js", "assets/strength-*.js"],
    dontCacheBustURLsMatching: /^assets\//,
  });
  for (const warning of warnings) process.stderr.write(`${warning}\n`);
  process.stdout.write(
    `portal built: ${count} files, ${Math.round(size / 1000)} KB, kept for offline starts\n`,
  );
} finally {
  await rm(scratch, { recursive: true });
}

async function buildWorker(outDir: string): Promise<void> {
  await build({
    root,
    configFile: false,
    logLevel: "warn",
    publicDir: false,
    define: { "process.env.NODE_ENV": JSON.stringify("production") },
    build: {
      outDir,
      emptyOutDir: false,
      lib: {
        entry: join(root, "src/worker/sw.ts"),
        formats: ["iife"],
        name: "worker",
        fileName: () => "sw.js",
      },
    },
  });
}
