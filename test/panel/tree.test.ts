import assert from "node:assert/strict";
import type { Locator } from "playwright-core";
import { after, afterEach, before, describe, it } from "mocha";
import type { HostMessage } from "../../src/protocol/hostMessages";
import { PanelBrowser, PanelPage, themeNames, type Theme } from "./panelPage";
import * as samples from "./samples";

/** A payload with all that a tree has to be careful with. */
const payloadText = `{"event":"delta.failed","timestamp":"2026-04-10T12:00:00.000Z","sentAt":1775822400,"sentAtMs":"1775822400123",
 "id":"evt_1","webhook":"wh_7c1d","big":12345678901234567890,"one":1.0,"many":1E+3,"dup":1,"dup":{"a":[]},
 "escaped":"caf\\u00e9 \\/ \\"x\\"","odd key":{"items":[{"n":0},{"n":1},{"n":[true,null,"deep"]}]},
 "bidi":"user\u202etxt.exe","empty":{},"hollow":[ ],"zero-width":"a\u200bb",
 "long":"${"All work and no play makes a long sentence. ".repeat(40)}the end"}`;

const row = `{"id":"evt_tree","event":"delta.failed","status":"pending","attempts":0,"payload":${JSON.stringify(payloadText)},"responseBody":"{\\"a\\": 1,\\r\\n \\"b\\": tru}"}`;
const view = samples.viewOf(row);

function messages(delivery = view, tab: "payload" | "answer" | "raw" = "payload"): readonly HostMessage[] {
  return [
    { type: "subject", subject: samples.showing(delivery), target: samples.target },
    { type: "selectTab", tab },
  ];
}

describe("the inspector's JSON tree", () => {
  let browser: PanelBrowser;
  const open: PanelPage[] = [];

  before(async () => {
    browser = await PanelBrowser.start();
  });

  after(() => browser.stop());

  afterEach(async () => {
    const errors = open.flatMap((panel) => panel.errors);
    for (const panel of open.splice(0)) await panel.close();
    assert.deepEqual(errors, []);
  });

  async function show(scene = messages(), width = 1000, theme: Theme = "dark"): Promise<PanelPage> {
    const panel = await PanelPage.open(browser, theme, width, scene);
    open.push(panel);
    return panel;
  }

  const tree = (panel: PanelPage): Locator => panel.page.getByRole("tree");
  const rowWith = (panel: PanelPage, text: string): Locator =>
    tree(panel).getByRole("treeitem").filter({ hasText: text });

  for (const theme of themeNames) {
    it(`is accessible in ${theme}, wide and narrow`, async () => {
      for (const width of [1000, 500, 300]) {
        const panel = await show(messages(), width, theme);
        await panel.send({ type: "knownIds", ids: [{ kind: "delivery", id: "evt_1" }] });
        assert.deepEqual(await panel.examine(`tree-${theme}-${width}`), []);
        await panel.page.getByLabel("Search keys and values").fill("e");
        await rowWith(panel, '"long"').click();
        await panel.button("Show All").click();
        await panel.settled();
        assert.deepEqual(await panel.examine(`tree-search-${theme}-${width}`), []);
        const overflow = await panel.page.evaluate<number>("document.documentElement.scrollWidth - innerWidth");
        assert.ok(overflow <= 0, `${overflow} pixels too wide at ${width}`);
        await panel.page.getByRole("switch", { name: "Tree" }).click();
        await panel.page.getByRole("switch", { name: "Show Invisible Characters" }).click();
        await panel.settled();
        assert.deepEqual(await panel.examine(`tree-raw-${theme}-${width}`), []);
        await panel.send({ type: "selectTab", tab: "answer" });
        assert.deepEqual(await panel.examine(`tree-invalid-${theme}-${width}`), []);
      }
    });
  }

  it("shows each token as it was sent, duplicates and big integers too", async () => {
    const panel = await show();
    const rows = await tree(panel).getByRole("treeitem").allInnerTexts();
    const texts = rows.map((text) => text.replaceAll(/\s+/g, " ").trim());
    for (const wanted of [
      '"big": 12345678901234567890',
      '"one": 1.0',
      '"many": 1E+3',
      '"dup": 1',
      '"dup": 1 key',
      '"escaped": "caf\\u00e9 \\/ \\"x\\""',
      '"bidi": "user\\u202etxt.exe"',
      '"empty": {}',
      '"hollow": []',
    ]) {
      assert.ok(texts.includes(wanted), `${wanted} among ${texts.join("\n")}`);
    }
    const long = rowWith(panel, '"long"');
    assert.match(await long.innerText(), /… 1,769 characters$/);
    await long.click();
    await panel.button("Show All").click();
    const whole = panel.page.getByRole("region", { name: "Value", exact: true });
    assert.equal(await whole.locator(".block").textContent(), JSON.stringify(JSON.parse(payloadText).long));
    await panel.button("Close the value").click();
    await whole.waitFor({ state: "detached" });
    await panel.page.getByRole("switch", { name: "Tree" }).click();
    await panel.settled();
    assert.equal((await panel.page.locator(".block").allTextContents()).join(""), payloadText);
  });

  it("is gone through by keyboard, with one tab stop", async () => {
    const panel = await show();
    await tree(panel).focus();
    const active = async (): Promise<string> => {
      await panel.settled();
      const id = await tree(panel).getAttribute("aria-activedescendant");
      const row = panel.page.locator(`[id="${id ?? ""}"]`);
      assert.equal(await row.getAttribute("aria-selected"), "true");
      return (await row.innerText()).replaceAll(/\s+/g, " ").trim();
    };
    assert.match(await active(), /^18 keys$/);
    for (const [keys, wanted] of [
      ["ArrowDown", '"event": "delta.failed"'],
      ["End", '"long": "All work'],
      ["Home", "18 keys"],
      ["ArrowRight", '"event": "delta.failed"'],
      ["ArrowLeft", "18 keys"],
      ["o", '"one": 1.0'],
      ["o", '"odd key": 1 key'],
    ] as const) {
      await panel.page.keyboard.press(keys);
      assert.ok((await active()).startsWith(wanted), `${keys}: ${await active()}`);
      // Typing begins anew after a pause.
      await panel.page.waitForTimeout(keys.length === 1 ? 800 : 0);
    }
    await panel.page.keyboard.press("Home");
    await panel.page.keyboard.type("odd k");
    assert.ok((await active()).startsWith('"odd key"'));
    const item = rowWith(panel, '"odd key"');
    assert.equal(await item.getAttribute("aria-expanded"), "true");
    await panel.page.keyboard.press("Enter");
    await panel.settled();
    assert.equal(await item.getAttribute("aria-expanded"), "false");
    assert.match(await item.innerText(), /\{"items":\[\{"n":0\}/, "a closed one shows what it holds");
    await panel.page.waitForTimeout(800);
    await panel.page.keyboard.press("Space");
    await panel.page.keyboard.press("ArrowRight");
    await panel.page.keyboard.press("ArrowRight");
    await panel.page.keyboard.press("ArrowLeft");
    await panel.page.keyboard.press("ArrowLeft");
    assert.ok((await active()).startsWith('"items"'), await active());
    const levels = await rowWith(panel, '"items"').evaluate((row) =>
      ["aria-level", "aria-posinset", "aria-setsize"].map((name) => row.getAttribute(name)),
    );
    assert.deepEqual(levels, ["3", "1", "1"]);
    await panel.button("Close all").click();
    assert.equal(await tree(panel).getByRole("treeitem").count(), 19);
    await tree(panel).focus();
    await panel.page.keyboard.press("ArrowDown");
    await panel.page.keyboard.press("*");
    await panel.settled();
    assert.equal(await tree(panel).getByRole("treeitem").count(), 21, "siblings are open");
    assert.equal(await panel.page.locator("[role=tree] [tabindex]").count(), 0);
  });

  it("searches keys and values, and reveals what it finds", async () => {
    const panel = await show();
    await panel.button("Close all").click();
    await tree(panel).focus();
    await panel.page.keyboard.press("Control+f");
    await panel.page.keyboard.type("N");
    const found = panel.page.locator(".found");
    const says = async (words: string): Promise<void> => {
      await panel.settled();
      assert.equal(await found.innerText(), words);
    };
    await says("1 of 10");
    await panel.page.keyboard.press("Backspace");
    await panel.page.keyboard.type("DEEP");
    await says("1 of 1");
    assert.equal(await rowWith(panel, '"deep"').getAttribute("aria-selected"), "true");
    await panel.page.getByLabel("Search keys and values").fill("café");
    await says("1 of 1");
    assert.match(await panel.page.locator(".row.active").innerText(), /caf\\u00e9/, "an escape is what it means");
    await panel.page.getByLabel("Search keys and values").fill("dup");
    await says("1 of 2");
    await panel.page.keyboard.press("Enter");
    await says("2 of 2");
    await panel.page.keyboard.press("Enter");
    await says("1 of 2");
    await panel.page.keyboard.press("Shift+Enter");
    await says("2 of 2");
    await panel.page.keyboard.press("Shift+F3");
    await says("1 of 2");
    await panel.page.getByLabel("Search keys and values").fill("nowhere");
    await says("Nothing found");
    await panel.page.keyboard.press("Escape");
    await says("");
    assert.equal(await panel.page.evaluate("document.activeElement.getAttribute('role')"), "tree");
  });

  it("copies values as they were sent, and paths", async () => {
    const panel = await show();
    await rowWith(panel, '"escaped"').click();
    await panel.button("Copy Value").click();
    await panel.told({ type: "copyText", text: '"caf\\u00e9 \\/ \\"x\\""' });
    await rowWith(panel, '"big"').click();
    await panel.page.keyboard.press("Control+c");
    await panel.told({ type: "copyText", text: "12345678901234567890" });
    await rowWith(panel, '"deep"').click();
    await panel.button("Copy Path").click();
    await panel.told({ type: "copyText", text: '$["odd key"].items[2].n[2]' });
    await rowWith(panel, "hollow").click();
    await panel.page.keyboard.press("Shift+Alt+KeyC");
    await panel.told({ type: "copyText", text: "$.hollow" });
    await rowWith(panel, '"hollow"').click();
    await panel.page.keyboard.press("Control+c");
    await panel.told({ type: "copyText", text: "[ ]" });
  });

  it("tells times in words, and that a key is there twice", async () => {
    const panel = await show();
    const hint = panel.page.locator(".row-bar .hint");
    for (const [key, wanted] of [
      ["timestamp", /^ISO 8601: .*2026/],
      ["sentAt", /^Unix seconds: .*2026/],
      ["sentAtMs", /^Unix milliseconds: .*2026/],
      ["big", /^$/],
    ] as const) {
      const row = rowWith(panel, `"${key}"`);
      await row.click();
      await panel.settled();
      assert.match((await hint.textContent()) ?? "", wanted);
      const title = await row.locator("bdi").last().getAttribute("title");
      assert.equal(title === null, key === "big");
    }
    await rowWith(panel, '"dup"').first().click();
    await panel.settled();
    assert.match(await hint.innerText(), /more than once/);
  });

  it("asks the host which ids it knows, and leads to their deliveries", async () => {
    const panel = await show();
    await panel.told({ type: "askIds", ids: ["evt_1", "wh_7c1d"] });
    await panel.send({
      type: "knownIds",
      ids: [
        { kind: "delivery", id: "evt_1" },
        { kind: "webhook", id: "wh_7c1d", label: "Billing" },
      ],
    });
    await panel.page.getByText('"evt_1"').click();
    await panel.told({ type: "openDelivery", id: "evt_1" });
    panel.received.length = 0;
    await panel.button("Open Delivery").click();
    await panel.told({ type: "openDelivery", id: "evt_1" });
    panel.received.length = 0;
    await tree(panel).focus();
    await panel.page.keyboard.press("Enter");
    await panel.told({ type: "openDelivery", id: "evt_1" });
    await rowWith(panel, '"webhook"').click();
    assert.equal(await panel.page.locator(".row-bar .hint").innerText(), "Webhook: Billing");
    assert.equal(await panel.page.locator(".link").count(), 1);
  });

  it("says where a text stops being JSON, and shows what is not seen", async () => {
    const panel = await show(messages(view, "answer"));
    const words = await panel.page.locator(".callout").innerText();
    assert.match(words, /A value is expected, at line 2, column 7/);
    assert.match(words, /\\r\\n/);
    await panel.page.getByRole("switch", { name: "Show Invisible Characters" }).click();
    await panel.settled();
    assert.deepEqual(await panel.page.locator(".block .escape").allTextContents(), ["\\r\\n"]);
    await panel.tab("Payload").click();
    await panel.page.getByRole("switch", { name: "Tree" }).click();
    await panel.page.getByRole("switch", { name: "Show Invisible Characters" }).click();
    await panel.settled();
    const escapes = await panel.page.locator(".block .escape").allTextContents();
    assert.deepEqual(escapes, ["\\n", "\\n", "\\n", "\\u202e", "\\u200b", "\\n"]);
  });

  it("copies a selection of the raw text as it was sent", async () => {
    const panel = await show(messages(view, "answer"));
    for (const invisibles of [false, true]) {
      if (invisibles) await panel.page.getByRole("switch", { name: "Show Invisible Characters" }).click();
      await panel.settled();
      const copied = await panel.page.evaluate<string>(`(() => {
        getSelection().selectAllChildren(document.querySelector(".raw"));
        const data = new DataTransfer();
        const event = new ClipboardEvent("copy", { clipboardData: data, bubbles: true, cancelable: true });
        document.querySelector(".raw").dispatchEvent(event);
        return data.getData("text/plain");
      })()`);
      assert.equal(copied, '{"a": 1,\r\n "b": tru}');
    }
  });

  it("keeps its state when a person comes back to the tab, or the delivery is told anew", async () => {
    const panel = await show();
    await rowWith(panel, '"odd key"').click();
    await panel.settled();
    const rows = await tree(panel).getByRole("treeitem").count();
    await panel.tab("Headers").click();
    await panel.tab("Payload").click();
    await panel.settled();
    assert.equal(await tree(panel).getByRole("treeitem").count(), rows);
    await panel.send(...messages());
    assert.equal(await rowWith(panel, '"odd key"').getAttribute("aria-expanded"), "false");
  });
});
