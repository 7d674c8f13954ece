import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import * as v from "valibot";
import { expect, test } from "vitest";
import { diagnose } from "../../../src/core/doctor/diagnose";
import { frameworkNames, type Diagnosis, type Framework } from "../../../src/core/model/diagnosis";
import { headerValue, signatureHeader, timestampHeader } from "../../../src/core/signature/headers";
import { hmacHex, signingKey } from "../../../src/core/signature/sign";
import { answerReport } from "../../../src/host/panel/answerReport";
import { presentOutcome } from "../../../src/host/panel/presentOutcome";
import { outcomeSchema } from "../../../src/protocol/outcomeView";

interface Vector {
  readonly name: string;
  readonly now: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly keys: readonly { readonly id: string; readonly secret: string; readonly previous?: boolean }[];
  readonly stored?: string;
  readonly computed?: string;
}

const vectors = JSON.parse(
  readFileSync(new URL("../../vectors/doctor.json", import.meta.url), "utf8"),
) as readonly Vector[];
const frameworks = Object.keys(frameworkNames) as readonly Framework[];

test.each(vectors)("the report holds no secret and no expected signature: $name", async (vector) => {
  const body = Buffer.from(vector.body, "base64");
  const headers = Object.entries(vector.headers);
  const stored = vector.stored === undefined ? undefined : Buffer.from(vector.stored, "base64");
  const diagnosis = await diagnose({
    ...{ headers, body, keys: vector.keys, addressed: "first", now: vector.now, toleranceSeconds: 300 },
    ...{ computed: vector.computed, storedBody: stored },
  });
  const timestamp = headerValue(headers, timestampHeader) ?? "";
  const request = { timestamp, bytes: body.length, sha256: createHash("sha256").update(body).digest("hex") };
  for (const [index, framework] of frameworks.entries()) {
    const outcome = presentOutcome(diagnosis, framework, "Billing", 7_200);
    expect(v.safeParse(outcomeSchema, structuredClone(outcome)).issues).toBeUndefined();
    const report = answerReport(outcome, request, framework);
    for (const { id, code } of outcome.findings) {
      expect(report).toContain(`\`${id}\``);
      expect(report).toContain(code);
    }
    if (diagnosis.nextFact !== undefined) expect(report).toContain(diagnosis.nextFact);
    if (index > 0) continue;
    const received = headerValue(headers, signatureHeader) ?? "";
    for (const { secret } of vector.keys) {
      expect(report).not.toContain(secret.trim());
      for (const bytes of [body, ...(stored === undefined ? [] : [stored])]) {
        if (secret === "") continue;
        const expected = hmacHex(signingKey(secret), timestamp, bytes);
        // Of the received signature itself, in whatever encoding, at most the few digits around a difference.
        const isReceived =
          received.toLowerCase().includes(expected) ||
          received.includes(Buffer.from(expected, "hex").toString("base64").replace(/=+$/, ""));
        if (!isReceived) expect(report).not.toContain(expected.slice(0, 16));
        expect(report).not.toContain(expected);
      }
    }
  }
});

const bare: Diagnosis = {
  verdict: "invalid",
  causes: [],
  findings: [],
  attempts: [],
  tried: 0,
  elapsedMs: 0,
  outOfTime: true,
};

test("a report's code spans survive backticks, and an empty side says so", () => {
  const mending = Object.fromEntries(frameworks.map((name) => [name, "a```b"])) as Readonly<Record<Framework, string>>;
  const side = { differsAt: 2, start: 0, hex: "", text: "" };
  const before = { ...side, hex: "60 60", text: "``" };
  const finding = {
    id: "body.altered",
    certainty: "proven",
    detail: "It differs.",
    change: "Mend it.",
    mending,
  } as const;
  const findings = [{ ...finding, before, after: side }];
  const outcome = presentOutcome({ ...bare, findings }, "go", undefined, undefined);
  const report = answerReport(outcome, { timestamp: "", bytes: 2, sha256: "00" }, "go");
  expect(report).toContain("````go\na```b\n````");
  expect(report).toContain("as text ``` `` ```");
  expect(report).toContain("(ends here)");
  expect(report).toContain("Timestamp header: none");
  expect(report).toContain("time ended before everything was tried");
});
