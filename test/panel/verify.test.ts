import assert from "node:assert/strict";
import { describe, it } from "mocha";
import * as samples from "./samples";
import { checked, panelStage, scenes } from "./scenes";

describe("the inspector's page, to verify", () => {
  const show = panelStage();

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
      ["invalid", "3 causes, 2 proven. The body was parsed and printed again"],
      ["unexplained", "The signature does not match"],
      ["malformed", "1 cause, proven. There is no X-PacSpace-Signature header"],
    ] as const) {
      const verification = { ...samples.emptyDesk, outcome: samples.outcomes[name] };
      await panel.send({ type: "verification", verification });
      assert.ok((await panel.page.locator("pacspace-verify [role=status]").innerText()).includes(words), name);
    }
    assert.equal(await panel.page.getByLabel("X-PacSpace-Signature").inputValue(), "v1=ab", "what was typed stays");
  });

  it("shows for each cause what was changed to match, and what to change in the chosen framework", async () => {
    const panel = await show(checked("invalid"));
    const [reserialized, newline, secret] = await panel.page.locator(".finding").all();
    assert.ok(reserialized && newline && secret);
    assert.ok((await reserialized.innerText()).includes("The first byte that differs is number 1,"));
    assert.equal(await reserialized.locator("mark").first().innerText(), "0a");
    assert.ok((await reserialized.innerText()).includes('0a (\\n) arrived, 22 (") matches'));
    assert.ok((await newline.innerText()).includes("0a (\\n) arrived, the end matches"));
    assert.ok((await newline.innerText()).includes("Proven"));
    assert.ok((await secret.innerText()).includes("Likely"));
    assert.equal(await secret.locator(".difference").count(), 0);
    assert.ok((await reserialized.locator("pre").innerText()).includes("express.raw("));
    await reserialized.getByRole("button", { name: "Copy", exact: true }).click();
    await panel.told({ type: "copyCode", cause: "body.reserialized" });
    await newline.getByRole("button", { name: "Insert into Editor" }).click();
    await panel.told({ type: "insertCode", cause: "body.trailingNewline" });
    await panel.button("Copy as Markdown").click();
    await panel.told({ type: "copyReport" });
    await panel.page.getByLabel("Code for").selectOption({ label: "Go net/http" });
    await panel.told({ type: "chooseFramework", framework: "go" });
    const verification = { ...samples.desk, framework: "go", outcome: samples.inGo } as const;
    await panel.send({ type: "verification", verification });
    assert.ok((await reserialized.locator("pre").innerText()).includes("io.ReadAll("));
    assert.equal(await panel.page.getByLabel("Code for").inputValue(), "go");
  });

  it("lists what was tried, and says which one fact would decide", async () => {
    const panel = await show(checked("unexplained"));
    assert.ok(await panel.page.getByText("The stored delivery of this X-Event-ID").last().isVisible());
    await panel.page.getByText("What was tried: 812,006 signatures in 10 s").click();
    const rows = await panel.page.locator(".tried tbody tr").allInnerTexts();
    assert.deepEqual(
      rows.map((row) => row.split("\t")),
      [
        ["as received", "2", "0 ms"],
        ["two changes of the body", "812,004", "9.81 s"],
      ],
    );
    assert.ok(await panel.page.getByText("Time ended before everything was tried.").isVisible());
  });

  it("says how far a long search is, and stops it", async () => {
    const panel = await show(scenes.checking);
    assert.ok(await panel.page.getByText("120,400 signatures tried").isVisible());
    assert.equal(await panel.page.locator("pacspace-verify [role=status]").innerText(), "Checking…");
    await panel.button("Stop").click();
    await panel.told({ type: "cancelCheck" });
  });

  it("hands a pasted request to the host with its line ends, and leaves a single value to its field", async () => {
    const panel = await show({ subject: { kind: "request" }, verification: samples.emptyDesk });
    const text = 'POST / HTTP/1.1\r\nX-PacSpace-Timestamp: 1\r\n\r\n{"a":1}';
    const paste = (target: string, pasted: string): Promise<void> =>
      panel.page.evaluate(`(() => {
        const clipboardData = new DataTransfer();
        clipboardData.setData("text/plain", ${JSON.stringify(pasted)});
        const init = { clipboardData, bubbles: true, cancelable: true, composed: true };
        ${target}.dispatchEvent(new ClipboardEvent("paste", init));
      })()`);
    const field = "document.querySelector('#signature').shadowRoot.querySelector('input')";
    await paste(field, "v1=ab\n");
    await paste(field, text);
    await panel.told({ type: "pasteRequest", text });
    await paste("document.body", "curl x");
    await panel.told({ type: "pasteRequest", text: "curl x" });
    assert.equal(panel.received.filter(({ type }) => type === "pasteRequest").length, 2);
    await panel.button("Paste a Whole Request").click();
    await panel.told({ type: "takeRequest", from: "clipboard" });
    await panel.button("Request in a File…").click();
    await panel.told({ type: "takeRequest", from: "file" });
    await panel.send({ type: "verification", verification: samples.pastedDesk });
    assert.ok(await panel.page.getByText("Read the clipboard as a curl command with 9 headers.").isVisible());
    assert.ok(await panel.page.getByText("line ends may have changed").isVisible());
  });

  it("sends what a handler computed with the draft and the check, and takes it up again", async () => {
    const panel = await show(scenes.verify);
    const { signature, timestamp } = samples.fields;
    await panel.page.getByLabel("Your handler's value").fill("sha256=ab");
    await panel.told({ type: "draft", signature, timestamp, computed: "sha256=ab" });
    await panel.page.keyboard.press("Enter");
    await panel.told({ type: "check", signature, timestamp, computed: "sha256=ab" });
    await panel.send({ type: "fields", signature, timestamp, computed: "v1=cd" });
    assert.equal(await panel.page.getByLabel("Your handler's value").inputValue(), "v1=cd");
    await panel.send({ type: "fields", signature, timestamp });
    assert.equal(await panel.page.getByLabel("Your handler's value").inputValue(), "");
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
    await panel.reload();
    assert.equal(await field.inputValue(), samples.fields.timestamp);
  });
});
