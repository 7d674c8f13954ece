import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { diagnose } from "../../../src/core/doctor/diagnose";
import { frameworkNames } from "../../../src/core/model/diagnosis";
import type { VerificationKey } from "../../../src/core/signature/verify";

interface VectorCase {
  readonly name: string;
  readonly now: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly secret?: string;
  readonly keys?: readonly VerificationKey[];
  readonly stored?: string;
  readonly computed?: string;
  readonly expect: { readonly verdict: string; readonly causes?: readonly string[]; readonly matched?: string };
}

function casesOf(file: string): readonly VectorCase[] {
  const url = new URL(`../../vectors/${file}`, import.meta.url);
  return JSON.parse(readFileSync(url, "utf8")) as readonly VectorCase[];
}

function decoded(base64: string | undefined): Uint8Array | undefined {
  return base64 === undefined ? undefined : Uint8Array.from(Buffer.from(base64, "base64"));
}

async function diagnosisOf({ headers, body, keys, secret = "", now, stored, computed }: VectorCase) {
  return diagnose({
    headers: Object.entries(headers),
    body: Uint8Array.from(Buffer.from(body, "base64")),
    keys: keys ?? [{ id: "webhook_a", secret }],
    addressed: "first",
    now,
    toleranceSeconds: 300,
    storedBody: decoded(stored),
    computed,
  });
}

/** The only cause that no HMAC can prove. */
const likelyOnly = "secret.notASecret";

describe("why a signature fails", () => {
  test.each(casesOf("doctor.json"))("$name", async (vector) => {
    const diagnosis = await diagnosisOf(vector);
    expect(diagnosis.verdict).toBe(vector.expect.verdict);
    expect(diagnosis.matchedWebhookId).toBe(vector.expect.matched);
    const found = new Map(diagnosis.causes.map(({ id, certainty }) => [id, certainty]));
    for (const id of vector.expect.causes ?? []) {
      expect([id, found.get(id)]).toEqual([id, id === likelyOnly ? "likely" : "proven"]);
    }
    expect(diagnosis.findings.map(({ id }) => id)).toEqual(diagnosis.causes.map(({ id }) => id));
    for (const finding of diagnosis.findings) expect(Object.keys(finding.mending)).toEqual(Object.keys(frameworkNames));
    expect(diagnosis.nextFact === undefined).toBe(diagnosis.causes.some(({ certainty }) => certainty === "proven"));
    expect(diagnosis.tried).toBe(diagnosis.attempts.reduce((sum, { count }) => sum + count, 0));
  });
});

describe("the strict verdicts stay", () => {
  test.each(casesOf("signatures.json"))("$name", async (vector) => {
    const diagnosis = await diagnosisOf({ ...vector });
    expect(diagnosis.verdict).toBe(vector.expect.verdict);
  });
});
