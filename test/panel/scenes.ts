import assert from "node:assert/strict";
import { after, afterEach, before } from "mocha";
import type { HostMessage, Subject } from "../../src/protocol/hostMessages";
import type { Tab } from "../../src/protocol/panelState";
import type { VerificationView } from "../../src/protocol/verificationView";
import { PanelBrowser, PanelPage, type Theme } from "./panelPage";
import * as samples from "./samples";

/** What the host shows. */
export interface Scene {
  readonly subject: Subject;
  readonly tab?: Tab;
  readonly verification?: VerificationView;
  readonly activity?: Omit<Extract<HostMessage, { type: "activity" }>, "type">;
}

/** The messages by which the host shows it. */
export function messages({ subject, tab, verification = samples.desk, activity }: Scene): readonly HostMessage[] {
  const target = subject.kind === "request" ? { environment: samples.target.environment } : samples.target;
  return [
    { type: "subject", subject, target },
    { type: "fields", ...(verification === samples.emptyDesk ? { signature: "", timestamp: "" } : samples.fields) },
    { type: "verification", verification },
    ...(tab === undefined ? [] : [{ type: "selectTab", tab } as const]),
    ...(activity === undefined ? [] : [{ type: "activity", ...activity } as const]),
  ];
}

/** A failed delivery. */
export const failed = samples.showing(samples.failed);
/** The failed delivery with an answer on its Verify tab. */
export const checked = (name: keyof typeof samples.outcomes): Scene => ({
  subject: failed,
  tab: "verify",
  verification: { ...samples.desk, outcome: samples.outcomes[name] },
});

/** Every state of the page. */
export const scenes = {
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
  checking: { subject: failed, tab: "verify", verification: { ...samples.desk, checking: { tried: 120_400 } } },
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
  pasted: { subject: { kind: "request" }, verification: samples.pastedDesk },
  valid: checked("valid"),
  expired: checked("expired"),
  invalid: checked("invalid"),
  unexplained: checked("unexplained"),
  malformed: checked("malformed"),
} satisfies Readonly<Record<string, Scene>>;

/** Opens pages for the tests of one suite, and has their consoles silent. */
export function panelStage(zoom?: number): (scene: Scene, width?: number, theme?: Theme) => Promise<PanelPage> {
  let browser: PanelBrowser;
  const open: PanelPage[] = [];

  before(async () => {
    browser = await PanelBrowser.start(zoom);
  });

  after(() => browser.stop());

  afterEach(async () => {
    const errors = open.flatMap((panel) => panel.errors);
    for (const panel of open.splice(0)) await panel.close();
    assert.deepEqual(errors, [], "the console stays silent, and the Content-Security-Policy has nothing to refuse");
  });

  return async (scene, width = 1000, theme = "dark") => {
    const panel = await PanelPage.open(browser, theme, width, messages(scene));
    open.push(panel);
    return panel;
  };
}
