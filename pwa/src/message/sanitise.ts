/**
 * A sender's HTML made harmless: DOMPurify takes out what can run or ask, this takes out what phones home.
 *
 * The frame that shows the result has its own CSP and runs no scripts, so this is the first of two walls.
 */
import createDomPurify, { type Config } from "dompurify";

/** What a message may link to or embed. `cid:` is resolved here, everything relative leads nowhere. */
const ALLOWED_URI = /^(?:https?:|mailto:|tel:|cid:|data:image\/(?:png|jpeg|gif|webp|avif|bmp);)/i;

const CONFIG: Config = {
  USE_PROFILES: { html: true },
  WHOLE_DOCUMENT: true,
  RETURN_DOM: true,
  ALLOWED_URI_REGEXP: ALLOWED_URI,
  ALLOW_DATA_ATTR: false,
  FORBID_TAGS: [
    "form",
    "input",
    "button",
    "select",
    "option",
    "optgroup",
    "textarea",
    "fieldset",
    "dialog",
    "audio",
    "video",
    "source",
    "track",
    "picture",
    "map",
    "area",
    "slot",
  ],
  FORBID_ATTR: [
    "srcset",
    "sizes",
    "ping",
    "autofocus",
    "tabindex",
    "accesskey",
    "contenteditable",
    "draggable",
    "popover",
    "popovertarget",
    "popovertargetaction",
    "usemap",
    "action",
    "formaction",
    "poster",
    "slot",
    "is",
    "target",
    "rel",
    "download",
  ],
};

/** CSS that fetches, wherever it stands. What is spelled so that this misses it, the frame's CSP blocks. */
const REMOTE_CSS = /url\(\s*["']?\s*(?:https?:)?\/\/[^)]*\)/gi;

/** Style sheets of others are never fetched, pictures or not. */
const IMPORT = /@import\b[^;]*;?/gi;

/** The sender chose colours of their own: the message is shown on white, as they saw it. */
const OWN_COLOURS = /(?:^|[;{\s])(?:background(?:-color)?|color)\s*:/i;

export interface Sanitised {
  /** The `html` element, of no document yet. */
  root: HTMLElement;
  /** Whether it asks for anything from the internet. */
  remote: boolean;
  /** Whether it sets colours. */
  coloured: boolean;
  /** Content-IDs of inline images that it shows. */
  cids: string[];
}

/** Where an inline image's Content-ID waits for its bytes. */
export const CID_ATTRIBUTE = "data-cid";

/** Cleans a message's HTML. With `showRemote`, images over https stay. */
export function sanitise(window: Window & typeof globalThis, html: string, showRemote: boolean): Sanitised {
  const root = createDomPurify(window).sanitize(html, { ...CONFIG, RETURN_DOM: true }) as HTMLElement;
  const remoteImages = settleImages(root, showRemote);
  const remoteBackgrounds = settleBackgrounds(root, showRemote);
  settleLinks(root);
  const css = stylesOf(root);
  settleStyles(root, showRemote);
  return {
    root,
    remote: remoteImages || remoteBackgrounds || css.search(REMOTE_CSS) >= 0,
    coloured: OWN_COLOURS.test(css) || root.querySelector("[bgcolor],[background],font[color]") !== null,
    cids: [...root.querySelectorAll(`[${CID_ATTRIBUTE}]`)].flatMap(
      (image) => image.getAttribute(CID_ATTRIBUTE) ?? [],
    ),
  };
}

/** Moves `cid:` aside and, unless asked for, takes remote addresses out. Gives whether there were any. */
function settleImages(root: HTMLElement, showRemote: boolean): boolean {
  let remote = false;
  for (const image of root.querySelectorAll("img")) {
    const source = image.getAttribute("src")?.trim() ?? "";
    image.removeAttribute("src");
    if (/^cid:/i.test(source)) image.setAttribute(CID_ATTRIBUTE, decodeCid(source.slice(4)));
    else if (/^data:/i.test(source)) image.setAttribute("src", source);
    else if (/^https?:/i.test(source)) {
      remote = true;
      if (showRemote) image.setAttribute("src", source.replace(/^http:/i, "https:"));
    }
  }
  return remote;
}

function settleBackgrounds(root: HTMLElement, showRemote: boolean): boolean {
  const remote = root.querySelectorAll("[background]");
  if (!showRemote) for (const element of remote) element.removeAttribute("background");
  return remote.length > 0;
}

/** Links open elsewhere, tell nothing of this page, and name their domain unless their text does. */
function settleLinks(root: HTMLElement): void {
  for (const link of root.querySelectorAll("a[href]")) {
    const url = URL.parse(link.getAttribute("href") ?? "");
    if (url === null || !/^(?:https?|mailto|tel):$/.test(url.protocol)) {
      link.removeAttribute("href");
      continue;
    }
    link.setAttribute("target", "_blank");
    link.setAttribute("rel", "noopener noreferrer");
    if (url.hostname === "") continue;
    link.setAttribute("title", url.href);
    const text = link.textContent?.trim().toLowerCase() ?? "";
    if (!namesDomain(text, url.hostname)) link.setAttribute("data-domain", url.hostname);
  }
}

/** Whether a link's text is plainly that domain's address, and not "bank.example" over a link to elsewhere. */
function namesDomain(text: string, domain: string): boolean {
  const shown = text.replace(/^https?:\/\//, "").split(/[/?#]/)[0];
  return shown === domain || `www.${shown}` === domain;
}

function settleStyles(root: HTMLElement, showRemote: boolean): void {
  const settle = (css: string): string => {
    const alone = css.replaceAll(IMPORT, "");
    return showRemote ? alone : alone.replaceAll(REMOTE_CSS, "none");
  };
  for (const style of root.querySelectorAll("style")) style.textContent = settle(style.textContent ?? "");
  for (const styled of root.querySelectorAll("[style]")) {
    const css = styled.getAttribute("style") ?? "";
    const settled = settle(css);
    if (settled !== css) styled.setAttribute("style", settled);
  }
}

function stylesOf(root: HTMLElement): string {
  const elements = [...root.querySelectorAll("style")].map((style) => style.textContent ?? "");
  const attributes = [root, ...root.querySelectorAll("[style]")].map(
    (one) => one.getAttribute("style") ?? "",
  );
  return [...elements, ...attributes].join("\n");
}

function decodeCid(cid: string): string {
  try {
    return decodeURIComponent(cid);
  } catch {
    return cid;
  }
}
