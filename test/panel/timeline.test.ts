import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "mocha";
import { readDelivery } from "../../src/core/model/delivery";
import { readDeliveryDetail } from "../../src/core/model/deliveryDetail";
import { presentDelivery } from "../../src/host/panel/presentDelivery";
import type { PanelMessage } from "../../src/protocol/panelMessages";
import { PanelBrowser, PanelPage, themeNames, type Theme } from "./panelPage";
import { failed, hostileAnswer, showing, target } from "./samples";

function rowOf(fields: object): object {
  const raw = JSON.stringify({ id: "evt_85de38b85594ea723264", event: "delta.failed", status: "failed", ...fields });
  const delivery = readDelivery(JSON.parse(raw), raw);
  return showing(presentDelivery(delivery, readDeliveryDetail(delivery), "Billing"));
}

const long = `{"error":"${"a sentence that goes on and on, and ".repeat(8)}","stack":["${"at/a/path/without/a/gap".repeat(9)}"]}`;

/** A delivery, and a sentence that its timeline must hold. */
const scenes = {
  each: [showing(failed), "Attempt 3"],
  some: [
    rowOf({
      attempts: 9,
      attemptLog: [
        { number: 8, startedAt: "2026-04-10T12:00:00Z", httpStatus: 302, responseBody: "" },
        { number: 9, startedAt: "2026-04-12T13:30:00Z", httpStatus: 422, durationMs: 65_000, responseBody: long },
      ],
    }),
    "9 attempts were made; PacSpace's API describes 2 of them.",
  ],
  unnumbered: [rowOf({ attempts: 3, attemptLog: [{ status: 500 }, {}] }), "An attempt"],
  last: [
    rowOf({ attempts: 4, httpStatus: 502, responseBody: hostileAnswer }),
    "PacSpace tried 4 times. Its API tells of the last attempt alone.",
  ],
  accepted: [
    rowOf({
      status: "delivered",
      attempts: 1,
      httpStatus: 200,
      deliveredAt: "2026-04-10T12:00:01Z",
      responseBody: "ok",
    }),
    "PacSpace tried once. Its API doesn't tell when that attempt began.",
  ],
  uncounted: [rowOf({ httpStatus: 500 }), "How often PacSpace tried is not told; this is the last answer."],
  counted: [rowOf({ attempts: 3 }), "Its API tells no more about the single attempts."],
  untried: [rowOf({ status: "pending", attempts: 0 }), "PacSpace has not tried yet."],
  unknown: [rowOf({}), "How often PacSpace tried is not told."],
} satisfies Readonly<Record<string, readonly [object, string]>>;

describe("the attempts' timeline", () => {
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

  async function show(name: keyof typeof scenes, width = 1000, theme: Theme = "dark"): Promise<PanelPage> {
    const panel = await PanelPage.open(browser, theme, width, []);
    open.push(panel);
    await tell(panel, name);
    return panel;
  }

  async function tell(panel: PanelPage, name: keyof typeof scenes): Promise<void> {
    const [subject] = scenes[name];
    await panel.send({ type: "subject", subject, target }, { type: "selectTab", tab: "payload" });
    await panel.send({ type: "selectTab", tab: "attempts" });
  }

  const names = Object.keys(scenes) as (keyof typeof scenes)[];

  /** Opens every answer, so that all there is can be seen. */
  async function unfold(panel: PanelPage): Promise<void> {
    await panel.page.evaluate("document.querySelectorAll('details').forEach((details) => (details.open = true))");
    await panel.settled();
  }

  for (const theme of themeNames) {
    it(`is accessible and says what is not told, in ${theme}`, async () => {
      const panel = await show("each", 1000, theme);
      for (const name of names) {
        await tell(panel, name);
        await unfold(panel);
        const text = await panel.page.locator("#tab-panel").innerText();
        assert.ok(text.includes(scenes[name][1]), `${name}: ${text}`);
        assert.deepEqual(await panel.examine(`timeline-${name}-${theme}`), [], name);
      }
    });
  }

  for (const width of [300, 500]) {
    it(`needs no scrolling to the side at ${width} pixels`, async () => {
      const panel = await show("each", width, "light");
      for (const name of names) {
        await tell(panel, name);
        await unfold(panel);
        assert.deepEqual(await panel.examine(`timeline-${name}-${width}`), [], name);
        const overflow = await panel.page.evaluate<number>("document.documentElement.scrollWidth - innerWidth");
        assert.ok(overflow <= 0, `${name} is ${overflow} pixels too wide`);
      }
    });
  }

  it("is a list, oldest first, each attempt with time, wait, outcome in words, and duration", async () => {
    const panel = await show("each");
    const items = panel.page.getByRole("list", { name: "Attempts, oldest first" }).getByRole("listitem");
    const texts = await items.allInnerTexts();
    assert.deepEqual(
      texts.map((text) => text.split("\n")[0]),
      ["Attempt 1", "Attempt 2", "Attempt 3"],
    );
    for (const [index, words] of [
      ["No answer", "took 10 s", "No answer within 10 seconds"],
      ["Refused · HTTP 500", "took 212 ms", "after 40 s"],
      ["Refused · HTTP 502", "took 1.84 s", "after 5 min"],
    ].entries()) {
      for (const word of words) assert.ok(texts[index]?.includes(word), `${word} in ${texts[index]}`);
    }
    const time = items.nth(1).locator("time");
    assert.equal(await time.getAttribute("title"), "2026-04-10T12:00:40.000Z");
    const shown = await panel.page.evaluate<string>(
      `new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" }).format(new Date("2026-04-10T12:00:40Z"))`,
    );
    assert.equal(await time.innerText(), shown, "in the reader's own zone");
  });

  it("shows a page's words, and its source as the text it is", async () => {
    const panel = await show("each");
    const last = panel.page.getByRole("listitem").last();
    assert.equal(await last.locator(".page-text").innerText(), "502 Bad Gateway");
    await last.locator("summary").click();
    assert.match((await last.locator("details[open] .raw").textContent()) ?? "", /<script>/);
    assert.equal(await panel.page.locator("#tab-panel img").count(), 0);
    assert.equal(await panel.page.title(), "PacSpace inspector");
    await panel.page.getByRole("listitem").nth(1).locator("summary").focus();
    await panel.page.keyboard.press("Enter");
    await panel.settled();
    const json = panel.page.getByRole("listitem").nth(1).getByRole("tree");
    assert.ok((await json.innerText()).includes('"database is locked"'));
    assert.ok((await json.locator(".json-key").count()) > 0);
  });

  it("opens answers, compares attempts, and copies the request by the host", async () => {
    const panel = await show("each");
    const wishes: readonly (readonly [string, PanelMessage])[] = [
      ["Open Answer, attempt 2", { type: "openAnswer", attempt: 2 }],
      ["Compare with the One Before, attempt 3", { type: "compareAttempts", left: 2, right: 3 }],
      ["Copy as curl", { type: "copyRequest", as: "curl" }],
      ["Copy as HTTP File", { type: "copyRequest", as: "http" }],
      ["Compare with Last Successful", { type: "compareWithLastSuccessful" }],
    ];
    for (const [name, message] of wishes) {
      panel.received.length = 0;
      await panel.button(name).click();
      await panel.told(message);
    }
    assert.equal(await panel.button("Compare with the One Before, attempt 1").count(), 0);
    assert.equal(await panel.button("Open Answer, attempt 1").count(), 0, "there was none");
    await tell(panel, "last");
    assert.equal(await panel.page.locator(".attempt-actions").count(), 0, "the API describes no single attempts");
    assert.equal(await panel.button("Copy as curl").count(), 0, "there is no payload");
  });
});
