import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { PanelMessage } from "../../src/protocol/panelMessages";
import { screenshot } from "../ui/harness/pictures";
import { themeNames } from "./panelPage";
import * as samples from "./samples";
import { failed, messages, panelStage, scenes, type Scene } from "./scenes";

for (const [where, width, height, zoom] of [
  ["a narrow column", 300, 800, 1],
  ["a column of 1000 by 800 pixels at 200 % zoom", 500, 400, 2],
] as const) {
  describe(`the inspector's page in ${where}`, () => {
    const show = panelStage(zoom);

    it("needs no scrolling to the side", async () => {
      const panel = await show({ subject: { kind: "loading" } }, width, "light");
      await panel.page.setViewportSize({ width, height });
      for (const [name, scene] of Object.entries<Scene>(scenes)) {
        await panel.send(
          { type: "selectTab", tab: "payload" },
          { type: "activity", retrying: false },
          ...messages(scene),
        );
        assert.deepEqual(await panel.examine(`panel-${name}-${width}`), [], name);
        const [pixels, overflow] = await panel.page.evaluate<[number, number]>(
          "[devicePixelRatio * innerWidth, document.documentElement.scrollWidth - innerWidth]",
        );
        assert.equal(pixels, width * zoom);
        assert.ok(overflow <= 0, `${name} is ${overflow} pixels too wide`);
        const cut = await panel.page.evaluate<
          string[]
        >(`[...document.querySelectorAll("button, vscode-button, select, vscode-textfield")]
          .filter((element) => element.getBoundingClientRect().right > innerWidth).map((element) => element.textContent)`);
        assert.deepEqual(cut, [], name);
      }
    });
  });
}

describe("the inspector's page", () => {
  const show = panelStage();

  for (const theme of themeNames) {
    it(`is accessible in every state, in ${theme}`, async () => {
      const panel = await show({ subject: { kind: "loading" } }, 1000, theme);
      for (const [name, scene] of Object.entries<Scene>(scenes)) {
        await panel.send(
          { type: "selectTab", tab: "payload" },
          { type: "activity", retrying: false },
          ...messages(scene),
        );
        assert.deepEqual(await panel.examine(`panel-${name}-${theme}`), [], name);
      }
    });
  }

  it("tells the selected tab where the system sets the colours", async () => {
    const panel = await show(scenes.attempts, 1000, "hc-dark");
    await panel.page.emulateMedia({ forcedColors: "active" });
    // Contrast is the system's own there: axe reads the colours that it replaces.
    await screenshot(panel.page, "panel-attempts-forced", true);
    const edgeOf = (selected: boolean): Promise<string> =>
      panel.page.evaluate(
        `getComputedStyle(document.querySelector("[role=tab][aria-selected=${selected}]")).borderBottomColor`,
      );
    assert.notEqual(await edgeOf(true), await edgeOf(false), "the selected tab is told by its edge");
  });

  it("shows a hostile answer as the text it is", async () => {
    const panel = await show({ subject: failed, tab: "answer" });
    assert.equal(await panel.page.locator(".block").textContent(), samples.hostileAnswer);
    await panel.tab("Attempts").click();
    await panel.page.getByText("The page's source").last().click();
    assert.match((await panel.page.locator("details[open] .raw").textContent()) ?? "", /<script>/);
    assert.equal(await panel.page.locator("img").count(), 0);
    assert.equal(await panel.page.title(), "PacSpace inspector");
  });

  it("goes through its tabs by keyboard, and has VS Code keep ids alone", async () => {
    const panel = await show({ subject: failed });
    const selected = async (name: string): Promise<void> => {
      await panel.settled();
      const tab = panel.page.locator("[role=tab][aria-selected=true]");
      assert.match(await tab.innerText(), new RegExp(`^${name}`));
      assert.ok(await tab.evaluate((element) => element.matches(":focus-visible")), `${name} has the focus`);
      assert.equal(await panel.page.locator("[role=tab][tabindex='0']").count(), 1);
      const labelled = await panel.page.locator("[role=tabpanel]").getAttribute("aria-labelledby");
      assert.equal(labelled, await tab.getAttribute("id"));
      assert.equal(await tab.getAttribute("aria-controls"), "tab-panel");
    };
    await panel.tab("Payload").focus();
    for (const [key, name] of [
      ["ArrowRight", "Headers"],
      ["ArrowLeft", "Payload"],
      ["ArrowLeft", "Verify"],
      ["ArrowRight", "Payload"],
      ["End", "Verify"],
      ["Home", "Payload"],
      ["ArrowRight", "Headers"],
    ] as const) {
      await panel.page.keyboard.press(key);
      await selected(name);
    }
    assert.deepEqual(await panel.state(), { ...samples.target, tab: "headers" });
    await panel.page.keyboard.press("Tab");
    assert.equal(await panel.page.evaluate<string>("document.activeElement.id"), "tab-panel");
    await panel.reload();
    assert.equal(await panel.tab("Headers").getAttribute("aria-selected"), "true");
  });

  it("tells the host what a person wants", async () => {
    const panel = await show({ subject: failed });
    const wishes: readonly (readonly [string, PanelMessage])[] = [
      ["Retry", { type: "retry" }],
      ["Verify This Delivery", { type: "verifyDelivery" }],
      ["Copy Payload", { type: "copy", part: "payload" }],
      ["Copy this id", { type: "copy", part: "id" }],
      ["Replay…", { type: "replay" }],
      ["Copy", { type: "copy", part: "payload" }],
      ["Open as Document", { type: "openDocument", part: "payload" }],
    ];
    for (const [name, message] of wishes) {
      panel.received.length = 0;
      await panel.button(name).click();
      await panel.told(message);
    }
    await panel.send({ type: "subject", subject: samples.showing(samples.large), target: samples.target });
    await panel.button("Refresh").click();
    await panel.told({ type: "refresh" });
    await panel.send(...messages(scenes["signed-out"]));
    await panel.button("Sign In").click();
    await panel.told({ type: "signIn" });
    await panel.button("Try Again").click();
    await panel.told({ type: "reload" });
    await panel.send(...messages(scenes.elsewhere));
    await panel.button("Switch Environment…").click();
    await panel.told({ type: "switchEnvironment" });
  });

  it("says of bytes that are no text how many they are, and offers no copy that would be another body", async () => {
    const panel = await show({ subject: samples.showing(samples.notText) });
    assert.match(await panel.page.locator(".toolbar").innerText(), /3 bytes · not UTF-8/);
    assert.equal(await panel.button("Copy").count(), 0);
    assert.equal(await panel.button("Copy Payload").count(), 0);
    await panel.button("Copy as curl").click();
    await panel.told({ type: "copyRequest", as: "curl" });
  });

  it("offers no retry for what has not failed, and one at a time for what has", async () => {
    const panel = await show({ subject: samples.showing(samples.delivered) });
    assert.equal(await panel.button("Retry").count(), 0);
    await panel.send(...messages(scenes.retrying));
    assert.equal(await panel.button("Retrying…").isDisabled(), true);
  });

  it("drops messages that are not in the protocol, and says their type alone", async () => {
    const panel = await show({ subject: failed });
    const dropped: readonly object[] = [
      { type: "subject", subject: { kind: "request", secret: "whsec_1" }, target: samples.target },
      { type: "fields", signature: 7, timestamp: "" },
      { type: "whsec_2" },
    ];
    await panel.send(...dropped);
    assert.ok(await panel.page.getByRole("heading", { name: "delta.failed" }).isVisible());
    assert.deepEqual(panel.errors.splice(0), [
      "Dropped a message of type subject.",
      "Dropped a message of type fields.",
      "Dropped a message of type unknown.",
    ]);
  });

  it("keeps still for who wants no motion", async () => {
    const panel = await show({ subject: { kind: "loading" } });
    const animation = async (): Promise<string> =>
      panel.page.evaluate("getComputedStyle(document.querySelector('.spin')).animationName");
    assert.equal(await animation(), "turn");
    await panel.page.emulateMedia({ reducedMotion: "reduce" });
    assert.equal(await animation(), "none");
    await panel.page.emulateMedia({ reducedMotion: "no-preference" });
    await panel.page.evaluate("document.body.classList.add('vscode-reduce-motion')");
    assert.equal(await animation(), "none");
  });
});
