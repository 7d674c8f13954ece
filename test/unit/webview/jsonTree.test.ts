import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { jsonPath } from "../../../src/webview/json/jsonPath";
import { searchJson } from "../../../src/webview/json/jsonSearch";
import { JsonTable, decoded } from "../../../src/webview/json/jsonTable";
import { JsonTree } from "../../../src/webview/json/jsonTree";
import { readJson } from "../../../src/webview/json/readJson";
import { rowWindow, scrollHeight, scrollTopToShow } from "../../../src/webview/json/rowWindow";
import { timeHint } from "../../../src/webview/json/timeHint";
import { moveByKey, Typeahead } from "../../../src/webview/json/treeKeys";

function treeOf(text: string): JsonTree {
  const table = readJson(text);
  if (!(table instanceof JsonTable)) throw new Error(table.message);
  return new JsonTree(table);
}

function rowsOf(tree: JsonTree): readonly string[] {
  return Array.from({ length: tree.rowCount }, (_, row) => jsonPath(tree.table, tree.nodeAt(row)));
}

describe("the rows of a tree", () => {
  const text = '{"a":{"b":[1,{"c":2}]},"odd key":[[],{}],"x-y":3,"":4,"é":5}';

  test("what is small begins open, and closes to its root's members", () => {
    const tree = treeOf(text);
    expect(rowsOf(tree)).toEqual([
      "$", "$.a", "$.a.b", "$.a.b[0]", "$.a.b[1]", "$.a.b[1].c", '$["odd key"]', '$["odd key"][0]', '$["odd key"][1]', '$["x-y"]', '$[""]', '$["é"]',
    ]); // prettier-ignore
    tree.closeAll();
    expect(rowsOf(tree)).toEqual(["$", "$.a", '$["odd key"]', '$["x-y"]', '$[""]', '$["é"]']);
    expect(tree.canOpen(tree.table.length - 1)).toBe(false);
  });

  test("a path leads to its value", () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 4 }), (json) => {
        const tree = treeOf(json);
        for (let node = 0; node < tree.table.length; node++) {
          const steps = jsonPath(tree.table, node).matchAll(/\.(\w+)|\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]/g);
          let value: unknown = JSON.parse(json);
          for (const [, name, index, quoted] of steps) {
            const key = name ?? index ?? (JSON.parse(quoted!) as string);
            expect(Object.hasOwn(value as object, key)).toBe(true);
            value = (value as Record<string, unknown>)[key];
          }
          // Of duplicate keys JSON.parse keeps the last; fast-check makes none.
          expect(value).toEqual(JSON.parse(tree.table.valueText(node)));
        }
      }),
    );
  });

  test("rows are what is open, whatever was opened and closed, and each value finds its row", () => {
    const step = fc.record({
      action: fc.constantFrom("open", "close", "siblings", "reveal", "closeAll", "openAll"),
      at: fc.nat(),
    });
    fc.assert(
      fc.property(fc.json({ maxDepth: 5 }), fc.array(step, { maxLength: 12 }), (json, steps) => {
        const tree = treeOf(json);
        const { table } = tree;
        for (const { action, at } of steps) {
          const node = at % table.length;
          if (action === "open" || action === "close") tree.setOpen(node, action === "open");
          else if (action === "siblings") tree.openSiblings(node);
          else if (action === "reveal") {
            tree.reveal(node);
            expect(tree.nodeAt(tree.rowOf(node))).toBe(node);
          } else if (action === "closeAll") tree.closeAll();
          else expect(tree.openAll()).toBe(true);
        }
        const isShown = (node: number): boolean =>
          node === 0 || (tree.isOpen(table.parent[node]!) && isShown(table.parent[node]!));
        const shown = Array.from({ length: table.length }, (_, node) => node).filter(isShown);
        expect(Array.from({ length: tree.rowCount }, (_, row) => tree.nodeAt(row))).toEqual(shown);
        shown.forEach((node, row) => expect(tree.rowOf(node)).toBe(row));
      }),
    );
  });

  test("what is large begins with few rows, and opens up to a bound", () => {
    const large = treeOf(`{"list":[${'{"a":[1,2]},'.repeat(600_000)}0],"small":[1]}`);
    expect(large.rowCount).toBe(4);
    expect(large.openAll()).toBe(false);
    expect(large.rowCount).toBeLessThanOrEqual(1_000_000);
    expect(large.rowCount).toBeGreaterThan(600_000);
    const wide = treeOf(`[${"1,".repeat(1_000)}1]`);
    expect(wide.rowCount).toBe(1_002);
  });

  test("depth costs no stack", () => {
    const tree = treeOf("[".repeat(10_000) + "]".repeat(10_000));
    tree.openAll();
    expect(tree.rowCount).toBe(10_000);
    expect(tree.depth(9_999)).toBe(9_999);
    expect(jsonPath(tree.table, 9_999)).toHaveLength(1 + 9_999 * 3);
    tree.closeAll();
    tree.reveal(9_999);
    expect(tree.rowOf(9_999)).toBe(9_999);
  });
});

describe("the keys of a tree", () => {
  test("no key leads beyond the rows, and what is no key of a tree leads nowhere", () => {
    const key = fc.constantFrom(
      "ArrowDown",
      "ArrowUp",
      "ArrowLeft",
      "ArrowRight",
      "Home",
      "End",
      "PageUp",
      "PageDown",
      "*",
    );
    fc.assert(
      fc.property(fc.json(), fc.array(key, { maxLength: 30 }), (json, keys) => {
        const tree = treeOf(json);
        let row = 0;
        for (const pressed of keys) {
          row = moveByKey(pressed, tree, row, 10) ?? -1;
          expect(row).toBeGreaterThanOrEqual(0);
          expect(row).toBeLessThan(tree.rowCount);
        }
        expect(moveByKey("Tab", tree, row, 10)).toBeUndefined();
      }),
    );
  });

  test("typing finds by the beginning of a key, and one letter goes from one to the next", () => {
    const tree = treeOf('{"alpha":1,"beta":2,"\\u0062\\u0075g":3,"Band":[7]}');
    const typing = new Typeahead();
    expect(typing.find("b", tree, 0, 0)).toBe(2);
    expect(typing.find("b", tree, 2, 100)).toBe(3);
    expect(typing.find("B", tree, 3, 200)).toBe(4);
    expect(typing.find("b", tree, 4, 300)).toBe(2);
    expect(new Typeahead().find("0", tree, 0, 0)).toBe(5);
    const word = new Typeahead();
    expect(word.find("b", tree, 0, 0)).toBe(2);
    expect(word.find("u", tree, 2, 100)).toBe(3);
    expect(word.isTyping(500)).toBe(true);
    expect(word.isTyping(900)).toBe(false);
    expect(word.find("z", tree, 3, 2_000)).toBeUndefined();
  });
});

describe("search", () => {
  async function search(tree: JsonTree, query: string): Promise<readonly number[]> {
    const found: number[] = [];
    expect(await searchJson(tree.table, query, found, new AbortController().signal, () => undefined)).toBe(true);
    return found;
  }

  test("finds all that have the text in key or value, as sent or as meant, whatever the case", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.json(),
        fc.oneof(fc.string({ minLength: 1, maxLength: 2 }), fc.constantFrom("e", "\\u", ".*")),
        async (json, query) => {
          const { table } = treeOf(json);
          const has = (text: string): boolean => text.toLowerCase().includes(query.toLowerCase());
          const bare = (token: string): string => (token.startsWith('"') ? token.slice(1, -1) : token);
          const expected = Array.from({ length: table.length }, (_, node) => node).filter((node) => {
            const key = table.keyText(node);
            const tokens = [
              ...(key === undefined ? [] : [key]),
              ...(table.isContainer(node) ? [] : [table.valueText(node)]),
            ];
            return tokens.some((token) => has(bare(token)) || (token.startsWith('"') && has(decoded(token))));
          });
          expect(await search(treeOf(json), query)).toEqual(expected);
        },
      ),
    );
  });

  test("finds in a string of megabytes, across its pieces too", async () => {
    const tree = treeOf(JSON.stringify(["x".repeat(64 * 1_024 - 3) + "needle" + "x".repeat(2_000_000) + "end"]));
    expect(await search(tree, "NEEDLE")).toEqual([1]);
    expect(await search(tree, "xend")).toEqual([1]);
    expect(await search(tree, "needles")).toEqual([]);
  });

  test("pauses often, and stops when it is aborted", async () => {
    const tree = treeOf(JSON.stringify(Array.from({ length: 300_000 }, (_, index) => `value ${index}`)));
    const search = new AbortController();
    let pauses = 0;
    const found: number[] = [];
    const finished = await searchJson(tree.table, "value", found, search.signal, () => {
      if (++pauses === 2) search.abort();
    });
    expect(finished).toBe(false);
    expect(found.length).toBeGreaterThan(0);
    expect(found.length).toBeLessThan(300_000);
  });
});

describe("times", () => {
  const hintOf = (token: string): string | undefined => {
    const hint = timeHint(treeOf(token).table, 0);
    return hint && `${hint.form} ${hint.time.toISOString()}`;
  };

  test("are told of what is one, and of nothing else", () => {
    expect(hintOf('"2026-04-10T12:00:00.000Z"')).toBe("ISO 8601 2026-04-10T12:00:00.000Z");
    expect(hintOf('"2026-04-10 14:00:00+02:00"')).toBe("ISO 8601 2026-04-10T12:00:00.000Z");
    expect(hintOf("1775822400")).toBe("Unix seconds 2026-04-10T12:00:00.000Z");
    expect(hintOf('"1775822400123"')).toBe("Unix milliseconds 2026-04-10T12:00:00.123Z");
    for (const none of [
      "9999999999",
      "177582240",
      "17758224001",
      "1.775822400e9",
      '"2026-04-10"',
      '"2026-99-10T12:00:00Z"',
      "null",
      "[]",
    ]) {
      expect(hintOf(none), none).toBeUndefined();
    }
  });
});

describe("the rows in view", () => {
  test("cover the view at each scroll position, and a row that is scrolled to is in it", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 6_000_000 }),
        fc.integer({ min: 16, max: 40 }),
        fc.integer({ min: 40, max: 2_000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.nat(),
        (rowCount, rowHeight, viewHeight, part, wanted) => {
          const scrolled = { rowCount, rowHeight, viewHeight };
          const height = scrollHeight(scrolled);
          expect(height).toBeLessThanOrEqual(16_000_000);
          const scrollTop = part * Math.max(0, height - viewHeight);
          const { first, last, top } = rowWindow(scrolled, scrollTop);
          expect(first).toBeGreaterThanOrEqual(0);
          expect(last).toBeLessThanOrEqual(rowCount);
          if (first > 0) expect(top).toBeLessThanOrEqual(scrollTop);
          if (last < rowCount) expect(top + (last - first) * rowHeight).toBeGreaterThanOrEqual(scrollTop + viewHeight);
          const row = wanted % rowCount;
          const shown = rowWindow(scrolled, scrollTopToShow(row, scrolled, scrollTop));
          expect(shown.first).toBeLessThanOrEqual(row);
          expect(shown.last).toBeGreaterThan(row);
        },
      ),
    );
  });
});
