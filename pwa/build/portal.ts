/**
 * The portal's files: the app by Vite, the service worker as one file, its list of files by Workbox.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { build } from "vite";
import { injectManifest } from "workbox-build";

const root = resolve(import.meta.dirname, "..");

/** What was built; `bytes` is what a browser keeps for offline starts. */
export interface BuiltPortal {
  files: number;
  bytes: number;
  warnings: string[];
}

/** Builds into `dist`, which is emptied before. */
export async function buildPortal(dist: string): Promise<BuiltPortal> {
  const outer = process.env.NODE_ENV;
  process.env.NODE_ENV = "production"; // Vite believes it before its own mode: a test runner's "test" would build a development app
  try {
    return await buildForProduction(dist);
  } finally {
    if (outer === undefined) delete process.env.NODE_ENV;
    else process.env.NODE_ENV = outer;
  }
}

async function buildForProduction(dist: string): Promise<BuiltPortal> {
  const configFile = join(root, "vite.config.ts");
  await build({ root, configFile, logLevel: "error", build: { outDir: dist, emptyOutDir: true } });
  const scratch = await mkdtemp(join(tmpdir(), "sealpost-worker-"));
  try {
    await buildWorker(scratch);
    const { count, size, warnings } = await injectManifest({
      swSrc: join(scratch, "sw.js"),
      swDest: join(dist, "sw.js"),
      globDirectory: dist,
      globPatterns: ["**/*.{html,js,css,svg,webmanifest}", "icons/seal-192.png"],
      // Large and needed once (dictionaries) or hardly anywhere (a stand-in for WebCrypto); the worker is not its own file.
      globIgnores: ["sw.js", "assets/strength-*.js", "assets/liner-*.js"],
      dontCacheBustURLsMatching: /^assets\//,
    });
    return { files: count, bytes: size, warnings };
  } finally {
    await rm(scratch, { recursive: true });
  }
}

async function buildWorker(outDir: string): Promise<void> {
  await build({
    root,
    configFile: false,
    logLevel: "error",
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
