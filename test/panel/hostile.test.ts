import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { Tab } from "../../src/protocol/panelState";
import { hostileTexts, nested } from "../fuzz/hostile";
import type { PanelPage } from "./panelPage";
import * as samples from "./samples";
import { messages, panelStage } from "./scenes";

/** What hides something from a reader, or turns it around. */
const unseen = /(?![\n\r\t])[\p{Cc}\u061c\u200b\u200e\u200f\u202a-\u202e\u2028\u2029\u2066-\u2069\ufeff]/gu;
const long = "x\u202e".repeat(3_000);

/** Own members by these names: the prototype of nothing. */
const payload = `{"__proto__":{"polluted":"by __proto__"},"constructor":{"prototype":{"polluted":"by constructor"}},${hostileTexts
  .map((text, index) => `${JSON.stringify(`${index} ${text}`)}:${JSON.stringify(text)}`)
  .join(",")},"long":${JSON.stringify(long)},"deep":${JSON.stringify(nested(100))}}`;
const answer = hostileTexts.join("\n");
const headers = Object.fromEntries(hostileTexts.map((text, index) => [`X-${index}-${text}`, text]));

/** A delivery in which everything that somebody else writes was written to do harm. */
const hostile = samples.viewOf(
  JSON.stringify({
    id: `evt_1${hostileTexts[4]}`,
    event: hostileTexts[1],
    webhookId: hostileTexts[5],
    endpoint: hostileTexts[0],
    status: "failed",
    createdAt: hostileTexts[6],
    error: hostileTexts[6] + hostileTexts[4],
    attempts: 2,
    httpStatus: 502,
    payload,
    requestHeaders: headers,
    responseHeaders: headers,
    responseBody: answer,
    attemptLog: [
      { at: "2026-04-10T12:00:00.000Z", error: answer, durationMs: 10 },
      { at: hostileTexts[6], httpStatus: 500, durationMs: 212, responseBody: answer },
    ],
  }),
  hostileTexts[2],
);

/** What a payload could bring about if it were anything but text; each of these is none of the page's own. */
async function assertTextAlone({ page, errors }: PanelPage, styles: number): Promise<void> {
  const found = await page.evaluate<Record<string, unknown>>(`({
    elements: [...document.querySelectorAll("img, iframe, object, embed, form, base, script, style, a[href]")]
      .map(({ outerHTML }) => outerHTML).filter((text) => !/^<script [^>]*nonce="nonce-of-this-test"|^<base/.test(text)),
    handlers: [...document.querySelectorAll("*")].filter((element) =>
      [...element.attributes].some(({ name }) => name.startsWith("on"))).length,
    styles: document.styleSheets.length,
    hidden: getComputedStyle(document.body).display,
    title: document.title,
    polluted: ({}).polluted ?? null,
    loaded: performance.getEntriesByType("resource").filter(({ name }) => !name.startsWith(location.origin)).length,
  })`);
  assert.deepEqual(found, {
    ...{ elements: [], handlers: 0, styles, hidden: "block", title: "PacSpace inspector", polluted: null, loaded: 0 },
  });
  assert.deepEqual(errors, []);
}

describe("the inspector's page with what somebody wrote to do harm", () => {
  const show = panelStage();
  const sheets = (panel: PanelPage): Promise<number> => panel.page.evaluate("document.styleSheets.length");
  const shown = (panel: PanelPage): Promise<string> => panel.page.locator("body").innerText();

  it("shows each text as the text it is, on every tab, and nothing comes of it", async () => {
    const panel = await show({ subject: { kind: "loading" } });
    const styles = await sheets(panel);
    await panel.send(...messages({ subject: samples.showing(hostile) }));
    const alerts: string[] = [];
    panel.page.on("dialog", (box) => {
      alerts.push(box.message());
      void box.dismiss();
    });
    for (const tab of ["payload", "headers", "answer", "attempts", "raw", "verify"] satisfies Tab[]) {
      await panel.send({ type: "selectTab", tab });
      const invisibles = panel.page.getByRole("switch", { name: "Show Invisible Characters" });
      if ((await invisibles.count()) > 0 && (await invisibles.getAttribute("aria-checked")) !== "true") {
        await invisibles.click();
      }
      await panel.settled();
      const text = await shown(panel);
      assert.match(text, /\\u202e/, `${tab} writes out what would turn text around`);
      assert.deepEqual(
        [...text.matchAll(unseen)].map(({ index }) => JSON.stringify(text.slice(index - 20, index + 20))),
        [],
        tab,
      );
      await assertTextAlone(panel, styles);
      assert.deepEqual(await panel.examine(`hostile-${tab}`), [], tab);
    }
    assert.deepEqual(alerts, []);
  });

  it("has each text in the tree, in the table and in the answer, whole", async () => {
    const panel = await show({ subject: samples.showing(hostile) });
    const tree = await panel.page.getByRole("tree").innerText();
    for (const part of ["<script>", "<img src=x onerror=alert(1)>", "__proto__", "</style><style>", "\\u001b[2J"]) {
      assert.ok(tree.includes(part), part);
    }
    await panel.send({ type: "selectTab", tab: "answer" });
    const blocks = await panel.page.locator(".block").allTextContents();
    assert.equal(blocks.join(""), answer);
  });

  it("goes down through a hundred levels", async () => {
    const panel = await show({ subject: samples.showing(hostile) });
    await panel.page.getByLabel("Search keys and values").fill("bottom");
    await panel.settled();
    const row = panel.page.getByRole("treeitem").filter({ hasText: '"bottom"' });
    assert.equal(await row.getAttribute("aria-level"), "102");
    assert.deepEqual(await panel.examine("hostile-deep"), []);
  });
});
