import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { signatureOf } from "../../../src/core/signature/sign";
import { verifySignature, verifyStepwise, type VerificationRequest } from "../../../src/core/signature/verify";

interface SignatureCase {
  readonly name: string;
  readonly now: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly secret: string;
  readonly expect: { readonly verdict: string };
}

const cases = JSON.parse(
  readFileSync(new URL("../../vectors/signatures.json", import.meta.url), "utf8"),
) as readonly SignatureCase[];

const secret = "whsec_unit_test_key";
const body = Buffer.from('{"event":"test"}');
const now = 1_775_826_942;

function requestWith(changes: Partial<VerificationRequest>): VerificationRequest {
  return {
    headers: [
      ["X-PacSpace-Signature", signatureOf(secret, String(now), body)],
      ["X-PacSpace-Timestamp", String(now)],
    ],
    body,
    keys: [{ id: "webhook_a", secret }],
    addressed: "first",
    now,
    toleranceSeconds: 300,
    ...changes,
  };
}

describe("the vectors", () => {
  test.each(cases)("$name", ({ headers, body, secret, now, expect: expected }) => {
    const verdict = verifySignature({
      headers: Object.entries(headers),
      body: Buffer.from(body, "base64"),
      keys: [{ id: "webhook_a", secret }],
      addressed: "first",
      now,
      toleranceSeconds: 300,
    });
    expect(verdict.verdict).toBe(expected.verdict);
  });
});

test("a large body is checked in many steps, and the same way", () => {
  for (const size of [256 * 1024 - 1, 256 * 1024, 256 * 1024 + 1, 3_000_001]) {
    const large = Buffer.alloc(size, "a body that is no multiple of the slice");
    const request = requestWith({
      body: large,
      headers: [
        ["X-PacSpace-Signature", signatureOf(secret, String(now), large)],
        ["X-PacSpace-Timestamp", String(now)],
      ],
    });
    let steps = 0;
    const check = verifyStepwise(request);
    for (let step = check.next(); ; step = check.next()) {
      if (step.done) {
        expect(step.value.verdict).toBe("valid");
        break;
      }
      steps++;
    }
    expect(steps).toBe(Math.ceil(size / (256 * 1024)) - 1);
    expect(verifySignature({ ...request, body: large.fill("x", size - 1) }).verdict).toBe("invalid");
  }
});

describe("whose key matched", () => {
  const stranger = { id: "webhook_b", secret: "whsec_of_another" };
  test("another webhook's key is a fault when the first is addressed", () => {
    const verdict = verifySignature(requestWith({ keys: [stranger, { id: "webhook_a", secret }] }));
    expect(verdict).toMatchObject({
      verdict: "invalid",
      matchedWebhookId: "webhook_a",
      causes: [{ id: "secret.otherWebhook", certainty: "proven" }],
    });
  });
  test("any current key is good when none is addressed", () => {
    const verdict = verifySignature(requestWith({ keys: [stranger, { id: "webhook_a", secret }], addressed: "any" }));
    expect(verdict).toEqual({ verdict: "valid", matchedWebhookId: "webhook_a", causes: [], tried: 2 });
  });
  test.each(["first", "any"] as const)("an earlier key is a fault (%s)", (addressed) => {
    const keys = [
      { id: "webhook_a", secret: "whsec_new" },
      { id: "webhook_a", secret, previous: true },
    ];
    expect(verifySignature(requestWith({ keys, addressed }))).toMatchObject({
      verdict: "invalid",
      causes: [{ id: "secret.previous" }],
    });
  });
  test("a current key is preferred to an earlier one that matches too", () => {
    const keys = [
      { id: "webhook_a", secret, previous: true },
      { id: "webhook_a", secret },
    ];
    expect(verifySignature(requestWith({ keys })).verdict).toBe("valid");
  });
});

test("any bytes signed by us verify, and one changed bit does not", () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 1, maxLength: 200 }),
      fc.string({ minLength: 1 }),
      fc.nat(),
      (bytes, key, at) => {
        const headers: VerificationRequest["headers"] = [
          ["x-pacspace-timestamp", String(now)],
          ["x-pacspace-signature", `v1=00, ${signatureOf(key, String(now), bytes)}`],
        ];
        const keys = [{ id: "w", secret: key }];
        expect(verifySignature(requestWith({ headers, keys, body: bytes })).verdict).toBe("valid");
        const changed = bytes.map((byte, index) => (index === at % bytes.length ? byte ^ 1 : byte));
        expect(verifySignature(requestWith({ headers, keys, body: changed })).verdict).toBe("invalid");
      },
    ),
  );
});

test("no header value makes it throw", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (signature, timestamp) => {
      const headers: VerificationRequest["headers"] = [
        ["X-PacSpace-Signature", signature],
        ["X-PacSpace-Timestamp", timestamp],
      ];
      expect(["malformed", "invalid"]).toContain(verifySignature(requestWith({ headers })).verdict);
    }),
  );
});
