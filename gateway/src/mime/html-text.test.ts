import { expect, test } from "vitest";
import { htmlToText } from "./html-text.ts";

test.each([
  ["<p>Hello</p><p>Bob</p>", "Hello\n\nBob"],
  ["<div>Hello</div><div>Bob</div>", "Hello\nBob"],
  ["Hello<br>Bob<br/>!", "Hello\nBob\n!"],
  ["a  \n b", "a b"],
  ["<b>a</b> <i>b</i>c", "a bc"],
  ["<pre>a\n  b</pre>", "a\n  b"],
  ["<style>p{}</style><script>if (a<b) alert(1)</script>Hello<!-- hidden -->", "Hello"],
  ["<script>never closed", ""],
  ["5 &lt; 6 &amp;&nbsp;&euro;&#x20ac;&#228;", "5 < 6 & €€ä"],
  ["5 < 6 and 7 > 6", "5 < 6 and 7 > 6"],
  ['<a href="https://x.example/?a=1&amp;b=2">here</a>', "here <https://x.example/?a=1&b=2>"],
  ['<a href="https://x.example">https://x.example</a>', "https://x.example"],
  ['<a href="mailto:a@x.example">write</a>', "write"],
  ["<a href='javascript:alert(1)'>click</a>", "click"],
  ['<img alt="a > b" src="x">', "[a > b]"],
  ["<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"],
  ["<ol><li>one<li>two</ol>after", "- one\n- two\n\nafter"],
  ["cut <b", "cut <b"],
  ["", ""],
])("%j", (html, text) => {
  expect(htmlToText(html)).toBe(text);
});
