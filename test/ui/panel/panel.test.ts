import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "mocha";
import type { HostMessage, Subject } from "../../../src/protocol/hostMessages";
import type { PanelMessage } from "../../../src/protocol/panelMessages";
import type { Tab } from "../../../src/protocol/panelState";
import type { VerificationView } from "../../../src/protocol/verificationView";
import { PanelBrowser, PanelPage, themeNames, type Theme } from "./panelPage";
import * as samples from "./samples";

interface Scene {
  readonly subject: Subject;
  readonly tab?: Tab;
  readonly verification?: VerificationView;
  readonly activity?: Omit<Extract<HostMessage, { type: "activity" }>, "type">;
}

function messages({ subject, tab, verification = samples.desk, activity }: Scene): readonly HostMessage[] {
  const target = subject.kind === "request" ? { environment: samples.target.environment } : samples.target;
  return [
    { type: "subject", subject, target },
    { type: "fields", ...(verification === samples.emptyDesk ? { signature: "", timestamp: "" } : samples.fields) },
    { type: "verification", verification },
    ...(tab === undefined ? [] : [{ type: "selectTab", tab } as const]),
    ...(activity === undefined ? [] : [{ type: "activity", ...activity } as const]),
  ];
}

const failed = samples.showing(samples.failed);
const checked = (name: keyof typeof samples.outcomes): Scene => ({
  subject: failed,
  tab: "verify",
  verification: { ...samples.desk, outcome: samples.outcomes[name] },
});

const scenes = {
  loading: { subject: { kind: "loading" } },
  "signed-out": {
    subject: { kind: "failed", message: "The session is over. Sign in again.", help: "signIn" },
  },
  "not-found": { subject: { kind: "failed", message: "PacSpace has no delivery evt_85de38b85594ea723264." } },
  elsewhere: { subject: { kind: "elsewhere", environment: "https://app.pacspace.io", active: "Local PacSpace" } },
  payload: { subject: failed },
  headers: { subject: failed, tab: "headers" },
  answer: { subject: failed, tab: "answer" },
  attempts: { subject: failed, tab: "attempts" },
  raw: { subject: failed, tab: "raw" },
  delivered: { subject: samples.showing(samples.delivered), tab: "attempts" },
  bare: { subject: samples.showing(samples.bare) },
  retrying: { subject: failed, activity: { retrying: true } },
  "retry-failed": {
    subject: failed,
    activity: { retrying: false, notice: { severity: "error", text: "Only failed deliveries can be retried." } },
  },
  request: { subject: { kind: "request" }, verification: samples.emptyDesk },
  verify: { subject: failed, tab: "verify" },
  checking: { subject: failed, tab: "verify", verification: { ...samples.desk, checking: true } },
  problem: {
    subject: failed,
    tab: "verify",
    verification: {
      ...samples.desk,
      key: { kind: "typed" },
      typedKey: "9c8b7a69",
      problem: "The clipboard holds no text.",
    },
  },
  valid: checked("valid"),
  expired: checked("expired"),
  invalid: checked("invalid"),
  unexplained: checked("unexplained"),
  malformed: checked("malformed"),
} satisfies Readonly<Record<string, Scene>>;

describe("the inspector's page", () => {
  let browser: PanelBrowser;
  const open: PanelPage[] = [];

  before(async () => {
    browser = await PanelBrowser.start();
  });

  after(() => browser.stop());

  afterEach(async () => {
    const errors = open.flatMap((panel) => panel.errors);
    for (const panel of open.splice(0)) await panel.close();
    assert.deepEqual(errors, [], "the console stays silent, and the Content-Security-Policy has nothing to refuse");
  });

  async function show(scene: Scene, width = 1000, theme: Theme = "dark"): Promise<PanelPage> {
    const panel = await PanelPage.open(browser, theme, width, messages(scene));
    open.push(panel);
    return panel;
  }

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

  // 300 pixels are a narrow column; 500 are what a column of 1000 has at 200 % zoom.
  for (const width of [300, 500]) {
    it(`needs no scrolling to the side at ${width} pixels`, async () => {
      const panel = await show({ subject: { kind: "loading" } }, width, "light");
      for (const [name, scene] of Object.entries<Scene>(scenes)) {
        await panel.send(
          { type: "selectTab", tab: "payload" },
          { type: "activity", retrying: false },
          ...messages(scene),
        );
        assert.deepEqual(await panel.examine(`panel-${name}-${width}`), [], name);
        const overflow = await panel.page.evaluate<number>("document.documentElement.scrollWidth - innerWidth");
        assert.ok(overflow <= 0, `${name} is ${overflow} pixels too wide`);
        const cut = await panel.page.evaluate<
          string[]
        >(`[...document.querySelectorAll("button, vscode-button, select, vscode-textfield")]
          .filter((element) => element.getBoundingClientRect().right > innerWidth).map((element) => element.textContent)`);
        assert.deepEqual(cut, [], name);
      }
    });
  }

  it("shows the payload's own tokens, laid out and as sent", async () => {
    const panel = await show({ subject: failed });
    const code = panel.page.locator(".code");
    const text = (await code.innerText()).replaceAll(/\s/g, "");
    assert.equal(text, samples.payloadText.replaceAll(/\s/g, ""));
    assert.ok((await code.locator(".line").count()) > 10);
    await panel.page.getByRole("switch", { name: "Formatted" }).click();
    await panel.settled();
    assert.equal(await code.locator(".line").textContent(), samples.payloadText);
  });

  it("shows a hostile answer as the text it is", async () => {
    const panel = await show({ subject: failed, tab: "answer" });
    assert.equal(await panel.page.locator(".code .line").textContent(), samples.hostileAnswer);
    await panel.tab("Attempts").click();
    await panel.page.getByText("The page's source").last().click();
    assert.ok((await panel.page.locator("details[open] .code").innerText()).includes("<script>"));
    assert.equal(await panel.page.locator("img").count(), 0);
    assert.equal(await panel.page.title(), "PacSpace inspector");
  });

  it("shows the beginning of a large payload, and opens the whole", async () => {
    const panel = await show({ subject: samples.showing(samples.large) });
    assert.ok(await panel.page.getByText("This is the beginning").isVisible());
    assert.equal(await panel.page.locator(".code .line").count(), 5_000);
    await panel.button("Open as Document").click();
    await panel.told({ type: "openDocument", part: "payload" });
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
    await panel.page.reload();
    await panel.settled();
    assert.equal(await panel.tab("Headers").getAttribute("aria-selected"), "true");
  });

  it("tells the host what a person wants", async () => {
    const panel = await show({ subject: failed });
    const wishes: readonly (readonly [string, PanelMessage])[] = [
      ["Retry", { type: "retry" }],
      ["Verify This Delivery", { type: "verifyDelivery" }],
      ["Copy Payload", { type: "copy", part: "payload" }],
      ["Copy the delivery's id", { type: "copy", part: "id" }],
      ["Copy", { type: "copy", part: "payload" }],
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

  it("offers no retry for what has not failed, and one at a time for what has", async () => {
    const panel = await show({ subject: samples.showing(samples.delivered) });
    assert.equal(await panel.button("Retry").count(), 0);
    await panel.send(...messages(scenes.retrying));
    assert.equal(await panel.button("Retrying…").isDisabled(), true);
  });

  it("checks by Enter, tells each draft, and announces the verdict", async () => {
    const panel = await show({ subject: { kind: "request" }, verification: samples.emptyDesk });
    await panel.page.getByLabel("X-PacSpace-Signature").fill("v1=ab");
    await panel.told({ type: "draft", signature: "v1=ab", timestamp: "" });
    await panel.page.getByLabel("X-PacSpace-Timestamp").fill("1775822400");
    await panel.told({ type: "draft", signature: "v1=ab", timestamp: "1775822400" });
    await panel.page.keyboard.press("Enter");
    await panel.told({ type: "check", signature: "v1=ab", timestamp: "1775822400" });
    for (const [name, words] of [
      ["valid", "Valid"],
      ["expired", "Authentic; 3 days old"],
      ["invalid", "The body was parsed and printed again"],
      ["unexplained", "The signature does not match"],
      ["malformed", "There is no X-PacSpace-Signature header"],
    ] as const) {
      const verification = { ...samples.emptyDesk, outcome: samples.outcomes[name] };
      await panel.send({ type: "verification", verification });
      assert.ok((await panel.page.locator(".outcome[role=status]").innerText()).includes(words), name);
    }
    assert.equal(await panel.page.getByLabel("X-PacSpace-Signature").inputValue(), "v1=ab", "what was typed stays");
  });

  it("takes bodies and secrets by the host alone", async () => {
    const panel = await show(scenes.verify);
    for (const [name, from] of [
      ["This Delivery's Payload", "payload"],
      ["Clipboard", "clipboard"],
      ["File…", "file"],
      ["Base64…", "base64"],
    ] as const) {
      await panel.button(name).click();
      await panel.told({ type: "takeBody", from });
    }
    await panel.button("Type a Secret…").click();
    await panel.told({ type: "typeSecret" });
    await panel.page.getByLabel("Secret", { exact: true }).selectOption({ label: "All stored secrets (2)" });
    await panel.told({ type: "chooseKey", key: { kind: "all" } });
    assert.equal(await panel.page.locator("textarea, input[type=password], input[type=file]").count(), 0);
  });

  it("takes up the host's fields again after it was hidden", async () => {
    const panel = await show(scenes.verify);
    const field = panel.page.getByLabel("X-PacSpace-Timestamp");
    assert.equal(await field.inputValue(), samples.fields.timestamp);
    await panel.page.reload();
    await panel.settled();
    assert.equal(await field.inputValue(), samples.fields.timestamp);
    assert.equal(panel.received.filter(({ type }) => type === "ready").length, 2);
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
