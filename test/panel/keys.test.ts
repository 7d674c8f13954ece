import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { FocusWalk } from "./focusWalk";
import { themeNames } from "./panelPage";
import * as samples from "./samples";
import { failed, panelStage } from "./scenes";

/** What a cause offers, what a text and a row of its tree offer, and what an attempt does. */
const mending = ["Copy", "Insert into Editor"];
const text = ["Copy", "Open as Document"];
const row = ["Copy Value", "Copy Path"];
const attempt = (number: number): readonly string[] => [
  `Open Answer, attempt ${number}`,
  `Compare with the One Before, attempt ${number}`,
];
/** What stands above a delivery's tabs. */
const head = [
  ...["Retry", "Verify This Delivery", "Copy Payload", "Replay…"],
  ...["Copy as curl", "Copy as HTTP File", "Compare with Last Successful", "Copy this id"],
];
const tried = "What was tried: 1,204 signatures in 4 ms";

describe("the inspector's page by keys alone", () => {
  const show = panelStage();

  for (const theme of themeNames) {
    it(`is gone through from paste to fix, and shows at each stop where the focus is, in ${theme}`, async () => {
      const panel = await show({ subject: { kind: "request" }, verification: samples.emptyDesk }, 1000, theme);
      const { keyboard } = panel.page;
      const walk = new FocusWalk(panel.page);
      await walk.to("Paste a Whole Request");
      await keyboard.press("Enter");
      await panel.told({ type: "takeRequest", from: "clipboard" });
      await panel.send(
        { type: "fields", ...samples.fields },
        { type: "verification", verification: samples.pastedDesk },
      );
      await walk.to("X-PacSpace-Signature");
      // Coming to a field by Tab selects what is in it.
      await keyboard.type("v1=ab");
      await walk.to("X-PacSpace-Timestamp");
      await keyboard.press("Enter");
      await panel.told({ type: "check", signature: "v1=ab", timestamp: samples.fields.timestamp });
      await walk.to("Secret");
      await keyboard.press("ArrowUp");
      await panel.told({ type: "chooseKey", key: { kind: "all" } });
      await walk.to("Check Signature");
      await keyboard.press("Enter");
      await panel.told({ type: "check", signature: "v1=ab", timestamp: samples.fields.timestamp }, 2);
      await walk.to("Code for");
      await keyboard.press("ArrowDown");
      await panel.told({ type: "chooseFramework", framework: "fastify" });
      await walk.to("Copy");
      await keyboard.press("Enter");
      await panel.told({ type: "copyCode", cause: "body.reserialized" });
      await walk.to("Insert into Editor");
      await keyboard.press("Enter");
      await panel.told({ type: "insertCode", cause: "body.reserialized" });
      await walk.to("Copy as Markdown");
      await keyboard.press("Enter");
      await panel.told({ type: "copyReport" });
      await walk.to("Check Signature", "Shift+Tab");
      const found = ["Check Signature", "Code for", ...mending, ...mending, ...mending, tried];
      assert.deepEqual(walk.stops, [
        ...["Paste a Whole Request", "Request in a File…", "X-PacSpace-Signature", "X-PacSpace-Timestamp"],
        ...["Clipboard", "File…", "Base64…", "Secret", "Type a Secret…", "Your handler's value (optional)"],
        ...[...found, "Copy as Markdown", ...found.toReversed()],
      ]);
    });
  }

  for (const [tab, name, stops] of [
    ["payload", "Payload", ["Tree", ...text, "Search keys and values", "Open all", "Close all", "Payload", ...row]],
    ["headers", "Headers 7", []],
    ["answer", "Answer", ["Show Invisible Characters", ...text, "Answer"]],
    ["attempts", "Attempts 3", ["Answer, 30 bytes", ...attempt(2), "The page's source, 155 bytes", ...attempt(3)]],
    ["raw", "Raw", ["Tree", "Show Invisible Characters", ...text, "The API's row"]],
  ] as const) {
    it(`is gone through to its end on the ${tab} tab`, async () => {
      const panel = await show({ subject: failed, tab }, 300);
      // The tab, and what it shows.
      assert.deepEqual(await new FocusWalk(panel.page).through(), [...head, name, name, ...stops]);
    });
  }
});
