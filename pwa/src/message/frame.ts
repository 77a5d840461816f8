/**
 * Puts a sanitised message into its frame, which runs no scripts, and keeps the frame as tall as the message.
 *
 * The frame is of this origin so that the page may write into it and measure it; without `allow-scripts`
 * nothing in it can use that. It has its own CSP (frame.html), since senders' mails are full of inline styles.
 */

import frameCss from "./frame.css?inline";
import { CID_ATTRIBUTE, sanitise } from "./sanitise.ts";

/** Tokens that a message without colours of its own is shown in. */
const TOKENS = ["--ink", "--surface", "--primary", "--quiet", "--line"];

/** `remote` is the same document with a CSP that lets images in over https. */
export const FRAME_PAGES = { closed: "/frame.html", remote: "/frame-remote.html" } as const;

export const FRAME_SANDBOX = "allow-same-origin allow-popups allow-popups-to-escape-sandbox";

interface Framed {
  /** Whether the message asks for anything from the internet. */
  remote: boolean;
  /** Content-IDs of the inline images that wait for their bytes. */
  cids: string[];
  stop(): void;
}

/**
 * Sanitises the message, writes it, and follows its height until `stop`.
 *
 * Parsed by the frame's own parser: a document inherits the CSP of the window that parses it, and the page's would strip
 * every inline style.
 */
export function makeFrame(frame: HTMLIFrameElement, html: string, showRemote: boolean): Framed {
  const window = frame.contentWindow as (Window & typeof globalThis) | null;
  const inside = frame.contentDocument;
  if (window === null || inside === null) return { remote: false, cids: [], stop: () => undefined };
  const { root, coloured, remote, cids } = sanitise(window, html, showRemote);
  inside.replaceChild(inside.adoptNode(root), inside.documentElement);
  root.setAttribute("data-look", coloured ? "own" : "plain");
  const style = inside.createElement("style");
  style.textContent = frameCss;
  inside.head.prepend(style);
  const stops = [makeTokens(root), makeHeight(frame, inside.body)];
  const stop = (): void => {
    for (const one of stops) one();
  };
  return { remote, cids, stop };
}

/** Shows an inline image wherever the message refers to it. */
export function showInlineImage(frame: HTMLIFrameElement, cid: string, url: string): void {
  for (const image of frame.contentDocument?.querySelectorAll(`img[${CID_ATTRIBUTE}]`) ?? []) {
    if (image.getAttribute(CID_ATTRIBUTE) === cid) image.setAttribute("src", url);
  }
}

/** Hands the page's tokens in, again whenever light and dark change. */
function makeTokens(root: HTMLElement): () => void {
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const copy = (): void => {
    const page = getComputedStyle(document.documentElement);
    for (const token of TOKENS) root.style.setProperty(token, page.getPropertyValue(token));
  };
  copy();
  dark.addEventListener("change", copy);
  return () => dark.removeEventListener("change", copy);
}

function makeHeight(frame: HTMLIFrameElement, body: HTMLElement): () => void {
  const fit = (): void => {
    frame.style.blockSize = `${Math.ceil(body.getBoundingClientRect().height)}px`;
  };
  const observer = new ResizeObserver(fit);
  observer.observe(body);
  fit();
  return () => observer.disconnect();
}
