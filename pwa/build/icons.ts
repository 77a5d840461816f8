/**
 * Draws the PNG icons from the SVG of the mark, with a Chromium on this machine. Run by hand when the mark changes:
 * `npm -w pwa run icons`; the results are committed.
 */
import { readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { chromium } from "playwright-core";

interface IconFile {
  name: string;
  size: number;
  /** Width of the mark within the picture; a maskable icon keeps within its safe zone (40 % radius). */
  mark: number;
  ground: string;
}

const PAPER = "#faf9f6";
const FILES: IconFile[] = [
  { name: "seal-192.png", size: 192, mark: 1, ground: "transparent" },
  { name: "seal-512.png", size: 512, mark: 1, ground: "transparent" },
  { name: "seal-maskable-512.png", size: 512, mark: 0.7, ground: PAPER },
  { name: "apple-touch.png", size: 180, mark: 0.76, ground: PAPER },
];

const folder = resolve(import.meta.dirname, "../public/icons");
const svg = await readFile(join(folder, "seal.svg"), "utf8");
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu"],
});
try {
  const page = await browser.newPage({ colorScheme: "light" });
  for (const { name, size, mark, ground } of FILES) {
    await page.setViewportSize({ width: size, height: size });
    const width = Math.round(size * mark);
    await page.setContent(
      `<body style="margin:0;display:grid;place-items:center;height:100vh;background:${ground}"><div style="width:${width}px;height:${width}px">${svg}</div>`,
    );
    await writeFile(join(folder, name), await page.screenshot({ omitBackground: true }));
  }
} finally {
  await browser.close();
}
