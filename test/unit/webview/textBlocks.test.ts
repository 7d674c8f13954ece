import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { directedPieces, textBlocks, textPieces } from "../../../src/webview/textBlocks";

const parts = fc.constantFrom(
  "a",
  "\n",
  "\r\n",
  "\r",
  "😀",
  " ",
  "\t",
  "\u202e",
  "\u200b",
  "\ud800",
  "é",
  "x".repeat(3_000),
);
const texts = fc.array(parts, { maxLength: 20 }).map((all) => all.join(""));

describe("a text in blocks", () => {
  test("the blocks are the text, small, and cut no character and no line ending in two", () => {
    fc.assert(
      fc.property(texts, (text) => {
        const { blocks, complete } = textBlocks(text);
        expect(complete).toBe(true);
        expect(blocks.map(({ start, end }) => text.slice(start, end)).join("")).toBe(text);
        for (const { start, end } of blocks) {
          expect(end - start).toBeLessThanOrEqual(4_096);
          expect(text.slice(end - 1, end + 1)).not.toMatch(/^(?:\r\n|[\ud800-\udbff][\udc00-\udfff])$/);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  test("ten megabytes in one line, or in lines of nothing, take no long time", () => {
    const begun = performance.now();
    expect(textBlocks("x".repeat(10_000_000)).blocks).toHaveLength(Math.ceil(10_000_000 / 4_096));
    expect(textBlocks("\n".repeat(10_000_000)).complete).toBe(false);
    expect(performance.now() - begun).toBeLessThan(5_000);
  });
});

describe("what is not seen", () => {
  test("the pieces are the text", () => {
    fc.assert(
      fc.property(fc.oneof(texts, fc.string({ unit: "binary" })), fc.boolean(), (text, goesOn) => {
        expect(
          textPieces(text, goesOn)
            .map((piece) => piece.text)
            .join(""),
        ).toBe(text);
        expect(
          directedPieces(text)
            .map((piece) => piece.text)
            .join(""),
        ).toBe(text);
      }),
    );
  });

  test("is shown as escapes", () => {
    const shown = (text: string): string =>
      textPieces(text, false)
        .map((piece) => piece.escape ?? piece.text)
        .join("");
    expect(shown("a\tb \r\nc\rd\n")).toBe("a\\tb·\\r\\nc\\rd\\n");
    expect(shown("a\u202eb\u200bc\ufeff\u00a0\u0000\u00ad\u2028")).toBe(
      "a\\u202eb\\u200bc\\ufeff\\u00a0\\u0000\\u00ad\\u2028",
    );
    expect(shown("\ud800 \u{e0041}x\ufe0f")).toBe("\\ud800 \\u{e0041}x\\ufe0f");
    expect(shown("é 😀 日本 a  b")).toBe("é 😀 日本 a  b");
    expect(shown("end  ")).toBe("end··");
    expect(textPieces("goes on  ", true).map((piece) => piece.escape)).toEqual([undefined, undefined]);
    expect(directedPieces("a\u202eb\u200b\u007f\n ").map((piece) => piece.escape ?? piece.text)).toEqual([
      ...["a", "\\u202e", "b", "\\u200b", "\\u007f", "\n "],
    ]);
  });
});
