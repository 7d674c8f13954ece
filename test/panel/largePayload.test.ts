import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "mocha";
import { PanelBrowser, PanelPage } from "./panelPage";
import { largePayload, timed } from "./largeText";
import * as samples from "./samples";

interface Frames {
  readonly median: number;
  readonly slow: number;
  readonly worst: number;
}

/** Scrolls a tree from its top, so many pixels each frame, and tells how long the frames took. */
function scrolled(pixels: number): string {
  return `(async () => {
    const view = document.querySelector(".tree");
    const times = [];
    let last = await new Promise(requestAnimationFrame);
    for (let frame = 0; frame <= 200; frame++) {
      view.scrollTop = frame * ${pixels};
      const now = await new Promise(requestAnimationFrame);
      times.push(now - last);
      last = now;
    }
    times.sort((one, other) => one - other);
    return { median: times[100], slow: times[190], worst: times[200] };
  })()`;
}

describe("ten megabytes in the inspector", () => {
  let browser: PanelBrowser;
  let panel: PanelPage;
  const text = largePayload();

  before(async () => {
    browser = await PanelBrowser.start();
    const delivery = samples.viewOf(`{"id":"evt_large","event":"export.large","status":"pending","payload":${text}}`);
    assert.deepEqual([delivery.payload?.cut, delivery.payload?.text.length], [true, 200_000]);
    const subject = samples.showing(delivery);
    panel = await PanelPage.open(browser, "dark", 1000, [{ type: "subject", subject, target: samples.target }]);
  });

  after(async () => {
    await panel.close();
    await browser.stop();
  });

  afterEach(() => {
    assert.deepEqual(panel.errors, []);
  });

  function tell(figures: string): void {
    process.stdout.write(`      ${figures}\n`);
  }

  it("asks for the whole, and has its first rows in no time", async () => {
    await panel.told({ type: "wholeText", of: "payload" });
    assert.equal(panel.received.filter(({ type }) => type === "wholeText").length, 1);
    assert.ok(await panel.page.getByText("Loading the rest…").isVisible());
    const message = { type: "wholeText", of: "payload", text: { text, bytes: Buffer.byteLength(text), cut: false } };
    await panel.page.evaluate(`window.large = ${JSON.stringify(message)}; 0`);
    const time = await panel.page.evaluate<number>(
      timed(
        `window.postMessage(window.large, "*")`,
        `document.querySelector("[role=tree] [aria-level='2']:nth-child(3)").innerText.includes("element") && document.querySelector(".note") === null`,
      ),
    );
    tell(`${(text.length / 1e6).toFixed(1)} MB, first rows after ${time.toFixed(0)} ms`);
    assert.ok(time < 10_000, `first rows after ${time} ms`);
    const memory = await panel.page.evaluate<number>("performance.memory?.usedJSHeapSize ?? 0");
    tell(`${(memory / 1e6).toFixed(0)} MB of JavaScript memory, the test's own copy of the text among them`);
  });

  it("opens all, and scrolls through it frame by frame", async () => {
    const time = await panel.page.evaluate<number>(
      timed(
        `document.querySelector("[aria-label='Open all']").click()`,
        `document.querySelector(".tree").scrollHeight > 5e6`,
      ),
    );
    const height = await panel.page.evaluate<number>(`Number(document.querySelector(".tree").scrollHeight)`);
    tell(`all open after ${time.toFixed(0)} ms, ${height} pixels high`);
    for (const pixels of [100, Math.ceil(height / 200)]) {
      const { median, slow, worst } = await panel.page.evaluate<Frames>(scrolled(pixels));
      tell(
        `frames at ${pixels} pixels each: median ${median.toFixed(1)} ms, 95 % ${slow.toFixed(1)} ms, worst ${worst.toFixed(1)} ms`,
      );
      assert.ok(median < 200 && slow < 500, `median ${median}, 95 % ${slow}`);
    }
    assert.ok((await panel.page.getByRole("treeitem").count()) < 100, "only what is in view is drawn");
    const last = await panel.page.getByRole("treeitem").last().innerText();
    assert.match(last, /^"n": \d+$/);
    await panel.page.getByRole("tree").focus();
    await panel.page.keyboard.press("Home");
    await panel.page.keyboard.press("End");
    await panel.settled();
    assert.match(await panel.page.locator(".row.active").innerText(), /^"n": \d+$/);
    assert.deepEqual(await panel.examine("large-payload"), []);
  });

  it("searches without holding the page up", async () => {
    await panel.page.evaluate(`(() => {
      window.longest = 0;
      new PerformanceObserver((list) => {
        for (const { duration } of list.getEntries()) window.longest = Math.max(window.longest, duration);
      }).observe({ type: "longtask" });
    })()`);
    await panel.page.getByLabel("Search keys and values").fill("café");
    const found = panel.page.locator(".found");
    const begun = Date.now();
    await found.filter({ hasText: /of \d/ }).waitFor();
    const took = Date.now() - begun;
    const longest = await panel.page.evaluate<number>("window.longest");
    tell(
      `all found after ${took} ms: ${await found.innerText()}; ${longest === 0 ? "no task longer than 50 ms" : `the longest task ${longest.toFixed(0)} ms`}`,
    );
    assert.ok(longest < 500, `a task took ${longest} ms`);
    await panel.page.keyboard.press("Shift+Enter");
    await panel.settled();
    const [, at, of] = /^([\d,]+) of ([\d,]+)$/.exec(await found.innerText()) ?? [];
    assert.equal(at, of);
    await panel.page.keyboard.press("Escape");
  });

  it("shows it as text too", async () => {
    const time = await panel.page.evaluate<number>(
      timed(
        `[...document.querySelectorAll("vscode-toolbar-button")].find((button) => button.textContent.includes("Tree")).shadowRoot.querySelector("button").click()`,
        `document.querySelector(".block") !== null`,
      ),
    );
    tell(`as text after ${time.toFixed(0)} ms`);
    assert.ok(time < 10_000, `as text after ${time} ms`);
    const length = await panel.page.evaluate<number>(
      `[...document.querySelectorAll(".block")].reduce((sum, block) => sum + block.textContent.length, 0)`,
    );
    assert.equal(length, text.length);
    await panel.page.evaluate(`document.querySelector(".raw").scrollTop = 1e9`);
    await panel.settled();
    assert.deepEqual(await panel.examine("large-payload-text"), []);
  });
});
