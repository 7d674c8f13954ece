import { describe, expect, test } from "vitest";
import { diagnose, type DoctorRequest } from "../../../src/core/doctor/diagnose";
import { body, idsOf, macOf, requestWith, sent, text } from "./requests";

describe("the stored body tells what happened on the way", () => {
  test.each<[string, string, readonly string[]]>([
    ["a rounded integer", text.replace("12345678901234567890", "12345678901234567000"), ["body.numberFormat"]],
    ["numbers printed by JavaScript", JSON.stringify(JSON.parse(text)), ["body.numberFormat"]],
    [
      "sorted keys and Python's spacing",
      '{"data": {"big": 12345678901234567890, "n": 1.0}, "event": "test", "timestamp": "2026-04-10T13:15:02.000Z"}',
      ["body.reserialized", "body.keyOrder"],
    ],
    [
      "a mark, another layout and a final newline",
      `\ufeff${text.replaceAll(/(?<=")[,:]|,(?=")/g, "$& ")}\n`,
      ["body.bom", "body.trailingNewline", "body.reserialized"],
    ],
    ["a changed value", text.replace("1.0", "2.0"), ["body.altered"]],
    ["a member added", text.replace("}}", ',"x":1}}'), ["body.altered"]],
    ["a cut body", text.slice(0, 40), ["body.truncated"]],
    ["no body", "", ["body.empty"]],
    ["nothing", text, []],
  ])("%s", async (_name, received, ids) => {
    const request = requestWith({ body: Buffer.from(received), storedBody: body });
    expect(await idsOf(request)).toEqual(ids);
  });

  test("lost characters are told apart from a change", async () => {
    const stored = Buffer.from('{"event":"test","data":"Zażółć"}');
    const headers: DoctorRequest["headers"] = [
      ["X-PacSpace-Signature", `v1=${macOf(stored)}`],
      ["X-PacSpace-Timestamp", sent],
    ];
    for (const received of ['{"event":"test","data":"Za����"}', '{"event":"test","data":"Za????"}']) {
      expect(await idsOf(requestWith({ headers, body: Buffer.from(received), storedBody: stored }))).toEqual([
        "body.charset",
      ]);
    }
    expect(await idsOf(requestWith({ headers, body: Buffer.from('{"event":"test","data":"Za����"}') }))).toEqual([
      "body.charset?",
    ]);
  });

  test.each([
    ['{"name":"José"}', '{"name":"Josè"}'],
    ['{"url":"/a?b","name":"José"}', '{"url":"/a?b","name":"Josè"}'],
    ['{"price":"€100"}', '{"price":"£100?"}'],
    ['{"name":"José"}', '{"name":"Jos?","x":1}'],
  ])("%s that became %s was changed, whatever else it holds", async (was, received) => {
    const stored = Buffer.from(was);
    const headers: DoctorRequest["headers"] = [
      ["X-PacSpace-Signature", `v1=${macOf(stored)}`],
      ["X-PacSpace-Timestamp", sent],
    ];
    const changed = requestWith({ headers, body: Buffer.from(received), storedBody: stored });
    expect(await idsOf(changed)).toEqual(["body.altered"]);
  });

  test("pairs of changes are left to the long search", async () => {
    const rows = Array.from({ length: 2_000 }, (_, n) => `{"id":${n},"note":"a/b é"}`);
    const long = Buffer.from(`{"event":"test","data":[${rows.join(",")}]}`);
    const headers: DoctorRequest["headers"] = [
      ["X-PacSpace-Signature", `v1=${macOf(long)}`],
      ["X-PacSpace-Timestamp", sent],
    ];
    const received = Buffer.from(long.toString().replace('"id":7,', '"id":8,'));
    const quick = await diagnose(requestWith({ headers, body: received, storedBody: long, budgetMs: 0 }));
    expect(quick.outOfTime).toBe(true);
    expect(quick.causes.map(({ id }) => id)).toEqual(["body.altered"]);
  });

  test("both sides are shown around the first byte that differs", async () => {
    const diagnosis = await diagnose(requestWith({ body: Buffer.from(text.replace("1.0", "\t2")), storedBody: body }));
    const [finding] = diagnosis.findings;
    const at = text.indexOf("1.0");
    expect(finding?.before).toMatchObject({ differsAt: at, start: at - 12 });
    expect(finding?.before?.text).toContain('"n":\\t2');
    expect(finding?.after?.text).toContain('"n":1.0');
    expect(finding?.after?.hex).toContain("31 2e 30");
    expect(diagnosis.matchedWebhookId).toBeUndefined();
  });

  test("a stored body that does not verify either leaves the question with the secret", async () => {
    const diagnosis = await diagnose(
      requestWith({
        keys: [{ id: "webhook_a", secret: "whsec_other" }],
        body: Buffer.from("{}"),
        storedBody: body,
        budgetMs: 0,
      }),
    );
    expect(diagnosis.causes).toEqual([]);
    expect(diagnosis.nextFact).toContain("secret that was current");
  });
});
