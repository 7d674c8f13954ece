import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { htmlText } from "../../../src/webview/htmlText";

describe("what a person reads of a page", () => {
  test.each([
    [
      "<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1><hr>nginx/1.25</body></html>",
      "502 Bad Gateway\nnginx/1.25",
    ],
    ["<p>one <b>bold</b>\n  word</p><p>two<br>three</p>", "one bold word\ntwo\nthree"],
    ["<html><style>p{}</style><script>if (a < b) alert('<p>')</script><!-- no --><p>yes</p>", "yes"],
    ["<p>a &lt;b&gt; &amp; &quot;c&quot; &#233; &#xe9; &unknown; &#0;</p>", 'a <b> & "c" é é &unknown; \ufffd'],
    ["<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>", "<script>alert(1)</script>"],
    ["<p>cut <scr", "cut"],
    ["<html><script>never closed", undefined],
    ["<p>a<svg <p>b", "a"],
    ["<p>a<!b", "a"],
    ["<h1></h1>", undefined],
    ['{"error":"<p>"}', undefined],
    ["plain <p>", undefined],
    ["<svg><text>x</text></svg>", undefined],
    ["", undefined],
  ])("%s", (source, text) => expect(htmlText(source)).toBe(text));

  test("nothing throws, and nothing is slow", () => {
    fc.assert(fc.property(fc.string(), (text) => htmlText(`<p>${text}`) !== ""));
    const began = performance.now();
    for (const piece of ["<", "<p ", "<!", "<!--", "<script>", "<svg ", "</svg ", "</", "&#", "<p a='", "&am"])
      htmlText(`<p>${piece.repeat(50_000)}`);
    expect(performance.now() - began).toBeLessThan(10_000);
  });
});
