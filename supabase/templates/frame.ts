/**
 * How our mails look: one column of 600 pixels in tables, since Outlook knows nothing else; light colours inline, since Gmail drops
 * what it does not know; dark ones where a client asks for them. Nothing is loaded from anywhere.
 */
import { type Html, html } from "./html.ts";
import { SEAL_CID } from "./seal-mark.ts";

const FONT = "font-family:-apple-system,BlinkMacSystemFont,Segoe UI,Roboto,Helvetica,Arial,sans-serif";
const MONO = "font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,Courier New,monospace";

/** LOOK.md's tokens, light. The dark ones stand in the style sheet below, by class. */
const PAPER = "#faf9f6";
const SURFACE = "#ffffff";
const INFO = "#e7f1f0";
const INK = "#1c2230";
const QUIET = "#59606e";
const LINE = "#dcd8cf";
const PRIMARY = "#0f5a5a";

const STYLE = html`<style>
:root{color-scheme:light dark;supported-color-schemes:light dark}
a.link{word-break:break-all}
@media (max-width:480px){.card{padding:24px 20px!important}.button{display:block!important}.outer{padding:0!important}}
@media (prefers-color-scheme:dark){
.paper{background:#13161b!important}.surface{background:#1b2027!important;border-color:#323944!important}
.info{background:#16302f!important}.ink{color:#ebe8e1!important}.quiet{color:#a4abb8!important}
.line{border-color:#323944!important}.link{color:#6cc4bb!important}
.button{background:#6cc4bb!important;color:#08211f!important}.buttoncell{background:#6cc4bb!important}
}
[data-ogsc] .ink{color:#ebe8e1!important}[data-ogsc] .quiet{color:#a4abb8!important}[data-ogsc] .link{color:#6cc4bb!important}
</style>`;

export interface FramedLetter {
  readonly language: string;
  readonly organisation: string;
  readonly subject: string;
  /** What a list of mails shows after the subject. */
  readonly preview: string;
  readonly heading: string;
  readonly blocks: readonly Html[];
  readonly footer: readonly string[];
}

/** The whole document. */
export function framed(letter: FramedLetter): string {
  const { language, organisation, subject, preview, heading, blocks, footer } = letter;
  return html`<!doctype html>
<html lang="${language}" dir="ltr">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">
<meta name="format-detection" content="telephone=no,date=no,address=no,email=no,url=no">
<title>${subject}</title>
${STYLE}
</head>
<body class="paper" style="margin:0;padding:0;background:${PAPER};-webkit-text-size-adjust:100%">
<div style="display:none;max-height:0;overflow:hidden">${preview}</div>
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" class="paper" style="background:${PAPER}">
<tr><td align="center" class="outer" style="padding:24px 12px">
<table role="presentation" width="600" cellpadding="0" cellspacing="0" border="0" class="surface" style="width:100%;max-width:600px;background:${SURFACE};border:1px solid ${LINE};border-radius:10px">
<tr><td class="card" style="padding:32px 40px">
<table role="presentation" cellpadding="0" cellspacing="0" border="0"><tr>
<td style="padding-right:12px"><img src="cid:${SEAL_CID}" width="40" height="40" alt="" style="display:block;border:0"></td>
<td class="ink" style="${FONT};font-size:18px;line-height:24px;font-weight:600;color:${INK}">${organisation}</td>
</tr></table>
<h1 class="ink" style="margin:24px 0 20px;${FONT};font-size:22px;line-height:30px;font-weight:600;color:${INK}">${heading}</h1>
${blocks}
</td></tr></table>
<table role="presentation" width="600" cellpadding="0" cellspacing="0" border="0" style="width:100%;max-width:600px">
<tr><td class="card" style="padding:16px 40px">
${footer.map((line) => html`<p class="quiet" style="margin:0 0 8px;${FONT};font-size:14px;line-height:20px;color:${QUIET}">${line}</p>`)}
</td></tr></table>
</td></tr></table>
</body>
</html>
`.source;
}

export function paragraph(text: string): Html {
  return html`<p class="ink" style="margin:0 0 16px;${FONT};font-size:16px;line-height:24px;color:${INK}">${text}</p>`;
}

export function smallHeading(text: string): Html {
  return html`<h2 class="ink" style="margin:24px 0 8px;${FONT};font-size:16px;line-height:24px;font-weight:600;color:${INK}">${text}</h2>`;
}

/** What a reader checks: a quiet name and its value, one under the other, so that long addresses fit on a phone. */
export function facts(
  rows: readonly { readonly name: string; readonly value: string; readonly more?: string }[],
): Html {
  const quiet = `${FONT};font-size:14px;line-height:20px;color:${QUIET}`;
  const ink = `${FONT};font-size:16px;line-height:24px;color:${INK};word-break:break-word`;
  return html`<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" class="line" style="margin:0 0 24px;border-top:1px solid ${LINE}">
${rows.map(
  ({ name, value, more }) => html`<tr><td class="line" style="padding:10px 0;border-bottom:1px solid ${LINE}">
<div class="quiet" style="${quiet}">${name}</div><div class="ink" style="${ink}">${value}</div>${more === undefined ? undefined : html`<div class="quiet" style="${quiet};word-break:break-word">${more}</div>`}
</td></tr>`,
)}</table>`;
}

/** The one button, and its address written out below. */
export function button(words: string, url: string, writtenOut: string): Html {
  return html`<table role="presentation" cellpadding="0" cellspacing="0" border="0" width="100%"><tr>
<td align="center" bgcolor="${PRIMARY}" class="buttoncell" style="border-radius:10px;background:${PRIMARY}"><a href="${url}" class="button" style="display:block;padding:14px 28px;${FONT};font-size:18px;line-height:24px;font-weight:600;color:#ffffff;text-decoration:none;border-radius:10px;background:${PRIMARY}">${words}</a></td>
</tr></table>
<p class="quiet" style="margin:12px 0 24px;${FONT};font-size:14px;line-height:20px;color:${QUIET}">${writtenOut}<br>${link(url)}</p>`;
}

export function link(url: string): Html {
  return html`<a href="${url}" class="link" style="color:${PRIMARY};word-break:break-all">${url}</a>`;
}

/** A gentle note on its own ground. */
export function note(title: string, text: string): Html {
  return html`<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="margin:0 0 24px"><tr>
<td class="info" style="padding:14px 16px;background:${INFO};border-radius:10px">
<div class="quiet" style="${FONT};font-size:14px;line-height:20px;color:${QUIET}">${title}</div>
<div class="ink" style="${FONT};font-size:16px;line-height:24px;font-weight:600;color:${INK}">${text}</div>
</td></tr></table>`;
}

/** Something to be typed or copied: large, apart, in letters of one width. */
export function code(text: string): Html {
  return html`<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="margin:0 0 16px"><tr>
<td align="center" class="info ink" style="padding:18px 12px;background:${INFO};border-radius:10px;${MONO};font-size:24px;line-height:32px;font-weight:600;letter-spacing:1px;color:${INK};white-space:nowrap">${text}</td>
</tr></table>`;
}

/** Numbered steps. */
export function steps(items: readonly (string | Html)[]): Html {
  return html`<table role="presentation" cellpadding="0" cellspacing="0" border="0" style="margin:0 0 16px">
${items.map(
  (
    item,
    at,
  ) => html`<tr><td valign="top" class="quiet" style="padding:0 12px 8px 0;${FONT};font-size:16px;line-height:24px;color:${QUIET}">${at + 1}.</td>
<td class="ink" style="padding:0 0 8px;${FONT};font-size:16px;line-height:24px;color:${INK};word-break:break-word">${item}</td></tr>`,
)}</table>`;
}
