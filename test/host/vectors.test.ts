import assert from "node:assert/strict";
import type { Verdict } from "../../src/core/model/verdict";
import doctorCases from "../vectors/doctor.json";
import signatureCases from "../vectors/signatures.json";
import { activated, call, failure } from "./support";

interface DoctorCase {
  readonly name: string;
  readonly now: number;
  readonly keys: readonly { readonly id: string; readonly secret: string; readonly previous?: boolean }[];
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly stored?: string;
  readonly computed?: string;
  readonly expect: { readonly verdict: string; readonly causes: readonly string[]; readonly matched?: string };
}

describe("pacspace.verifySignature", () => {
  before(() => activated());

  for (const { name, now, headers, body, secret, expect } of signatureCases) {
    it(`strictly: ${name}`, async () => {
      const verdict = await call<Verdict>("verifySignature", { headers, bodyBase64: body, secret, now });
      assert.equal(verdict.verdict, expect.verdict);
      assert.doesNotMatch(JSON.stringify(verdict), /whsec_[0-9a-f]/);
    });
  }

  for (const { name, now, headers, body, keys, stored, computed, expect } of doctorCases as readonly DoctorCase[]) {
    it(`says why: ${name}`, async () => {
      const verdict = await call<Verdict>("verifySignature", {
        ...{ headers, bodyBase64: body, keys, now },
        ...(stored !== undefined && { storedBodyBase64: stored }),
        ...(computed !== undefined && { computed }),
      });
      assert.equal(verdict.verdict, expect.verdict);
      if (expect.matched !== undefined) assert.equal(verdict.matchedWebhookId, expect.matched);
      for (const id of expect.causes) {
        const cause = verdict.causes.find((found) => found.id === id);
        assert.ok(cause, `${id} is not among ${verdict.causes.map((found) => found.id).join(", ")}`);
        assert.equal(cause.certainty, id === "secret.notASecret" ? "likely" : "proven");
      }
      assert.doesNotMatch(JSON.stringify(verdict), /whsec_[0-9a-f]|pk_live_[0-9a-f]/);
    });
  }

  it("takes headers as text, and a whole request as text", async () => {
    const [vector] = signatureCases;
    assert.ok(vector);
    const { headers, body, secret, now } = vector;
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
    const text = Buffer.from(body, "base64").toString("utf8");
    const asText = { headers: lines.join("\n"), body: text, secret, now };
    assert.equal((await call<Verdict>("verifySignature", asText)).verdict, "valid");
    const request = `POST /webhooks HTTP/1.1\r\nHost: example.com\r\n${lines.join("\r\n")}\r\n\r\n${text}`;
    assert.equal((await call<Verdict>("verifySignature", { request, secret, now })).verdict, "valid");
  });

  it("names what is missing or wrong in its argument", async () => {
    const headers = { "X-PacSpace-Signature": "v1=00", "X-PacSpace-Timestamp": "1" };
    assert.match(await failure("verifySignature"), /Pass headers and body/);
    assert.match(await failure("verifySignature", { headers }), /body is missing/);
    assert.match(await failure("verifySignature", { request: "X-PacSpace-Signature: v1=ab" }), /body is missing/);
    assert.match(await failure("verifySignature", { headers, bodyBase64: "???" }), /no base64/);
    assert.match(await failure("verifySignature", { headers, body: "", secret: "" }), /secret must be/);
    assert.match(await failure("verifySignature", { headers, body: "", secret: "a", webhookId: "b" }), /one source/);
    assert.match(
      await failure("verifySignature", { headers, body: "", webhookId: "webhook_none" }),
      /No secret is stored/,
    );
  });
});
