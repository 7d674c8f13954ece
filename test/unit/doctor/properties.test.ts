import { createHmac } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { diagnose, type DoctorRequest } from "../../../src/core/doctor/diagnose";
import { allCauses } from "../../../src/core/doctor/causes";
import { invertible, type Damage } from "./damages";
import { envelope, secret } from "./envelopes";

const now = 1_775_826_942;
const sent = String(now - 15);

function signed(key: string, body: Uint8Array): string {
  return createHmac("sha256", key).update(`${sent}.`).update(body).digest("hex");
}

interface Parts {
  readonly signature?: string;
  readonly timestamp?: string;
  readonly key?: string;
  readonly received?: Uint8Array;
}

function requestOf(body: Uint8Array, key: string, parts: Parts): DoctorRequest {
  return {
    headers: [
      ["X-PacSpace-Signature", parts.signature ?? `v1=${signed(key, body)}`],
      ["X-PacSpace-Timestamp", parts.timestamp ?? sent],
    ],
    body: parts.received ?? body,
    keys: [{ id: "webhook_a", secret: parts.key ?? key }],
    addressed: "first",
    now,
    toleranceSeconds: 300,
    budgetMs: 60_000,
  };
}

/** Damages of the other parts: each turns the right text into the damaged one. */
type TextDamage = readonly [id: string, apply: (text: string) => string];

const signatureDamages: readonly TextDamage[] = [
  ["signature.prefix", (text) => text.slice(3)],
  ["signature.prefix", (text) => text.replace("v1=", "sha256=")],
  ["signature.prefix", (text) => text.replace("v1=", "v1:")],
  ["signature.case", (text) => `v1=${text.slice(3).toUpperCase()}`],
  ["signature.encoding", (text) => `v1=${Buffer.from(text.slice(3), "hex").toString("base64")}`],
  ["signature.encoding", (text) => `v1=${Buffer.from(text.slice(3), "hex").toString("base64url")}`],
  ["signature.decorated", (text) => `"${text}"`],
  ["signature.decorated", (text) => `['${text}']`],
  ["signature.truncated", (text) => text.slice(0, 3 + 16)],
  ["signature.multiple", (text) => `v1=${"0".repeat(64)},"${text}"`],
];

const timestampDamages: readonly TextDamage[] = [
  ["timestamp.unit", (text) => `${text}000`],
  ["timestamp.format", (text) => new Date(Number(text) * 1000).toISOString()],
  ["timestamp.format", (text) => new Date(Number(text) * 1000).toUTCString()],
  ["timestamp.format", (text) => `${text}.0`],
  ["timestamp.format", (text) => `"${text}"`],
  ["timestamp.format", (text) => `000${text}`],
];

const keyDamages: readonly TextDamage[] = [
  ["secret.whitespace", (key) => `${key}\n`],
  ["secret.whitespace", (key) => ` ${key}`],
  ["secret.quoted", (key) => `"${key}"`],
  ["secret.quoted", (key) => `'${key}'`],
  ["secret.prefix", (key) => key.slice(6)],
  ["secret.prefix", (key) => `whsec_${key}`],
  ["secret.encoding", (key) => Buffer.from(key).toString("base64")],
  ["secret.encoding", (key) => Buffer.from(key).toString("hex")],
  ["secret.escaped", (key) => key.replaceAll(/[^A-Za-z0-9]/g, (char) => `%${char.charCodeAt(0).toString(16)}`)],
  ["secret.escaped", (key) => key.replaceAll(/[^A-Za-z0-9]/g, (char) => `&#${char.charCodeAt(0)};`)],
  ["secret.escaped", (key) => key.replaceAll(/[^A-Za-z0-9]/g, (char) => `\\u00${char.charCodeAt(0).toString(16)}`)],
];

async function expectUndone(request: DoctorRequest, ids: readonly string[]): Promise<void> {
  const diagnosis = await diagnose(request);
  const told = JSON.stringify({ ids, causes: diagnosis.causes, outOfTime: diagnosis.outOfTime });
  expect(diagnosis.matchedWebhookId, told).toBe("webhook_a");
  expect(
    diagnosis.causes.every(({ certainty }) => certainty === "proven"),
    told,
  ).toBe(true);
  // Damages may undo each other; none may be named that was not there.
  expect(diagnosis.causes.length, told).toBeLessThanOrEqual(ids.length);
}

const damage = fc.constantFrom(...invertible);

/** Without an escape that need not be: which of them were there can't be seen once all are gone. */
function isSettled(body: Buffer): boolean {
  return !/\\(?:u|\/)/.test(body.toString());
}

function damaged(body: Buffer, damages: readonly Damage[]): Buffer | undefined {
  return damages.reduce<Buffer | undefined>((bytes, { apply }) => bytes && apply(bytes), body);
}

describe("each invertible damage is undone", () => {
  test.each(invertible)("$id: $name", async ({ id, apply }) => {
    await fc.assert(
      fc.asyncProperty(envelope, secret, async (body, key) => {
        // "newline lost" needs one to lose.
        const original = apply(body) === undefined ? Buffer.concat([body, Buffer.from("\n")]) : body;
        const received = apply(original);
        if (received === undefined) return;
        const diagnosis = await diagnose(requestOf(original, key, { received }));
        expect(diagnosis.matchedWebhookId).toBe("webhook_a");
        const ids = diagnosis.causes.map((cause) => cause.id);
        expect(ids).toEqual(received.equals(original) ? [] : [id]);
      }),
      { numRuns: 40 },
    );
  });
  test.each([
    ["signature", signatureDamages],
    ["timestamp", timestampDamages],
    ["key", keyDamages],
  ] as const)("of the %s", async (part, damages) => {
    await fc.assert(
      fc.asyncProperty(envelope, secret, fc.constantFrom(...damages), async (body, key, [id, apply]) => {
        const right = { signature: `v1=${signed(key, body)}`, timestamp: sent, key }[part];
        const diagnosis = await diagnose(requestOf(body, key, { [part]: apply(right) }));
        expect(diagnosis.matchedWebhookId).toBe("webhook_a");
        expect(diagnosis.causes).toContainEqual(expect.objectContaining({ id, certainty: "proven" }));
      }),
      { numRuns: 150 },
    );
  });
});

describe("pairs are undone", () => {
  test("of the body", async () => {
    await fc.assert(
      fc.asyncProperty(envelope, secret, fc.tuple(damage, damage), async (body, key, damages) => {
        const received = damaged(body, damages);
        if (received === undefined) return;
        await expectUndone(
          requestOf(body, key, { received }),
          damages.map(({ name }) => name),
        );
      }),
      { numRuns: 400 },
    );
  }, 300_000);
  test("of the body, by threes and fours, where each leads away from PacSpace's own form", async () => {
    const settling = invertible.filter(({ id, name }) => id !== "body.charset" && !/lost|LF to CRLF/.test(name));
    const several = fc.uniqueArray(fc.constantFrom(...settling), {
      minLength: 3,
      maxLength: 4,
      selector: ({ id }) => id,
    });
    await fc.assert(
      fc.asyncProperty(envelope, secret, several, async (body, key, damages) => {
        fc.pre(isSettled(body));
        const received = damaged(body, damages);
        if (received === undefined) return;
        await expectUndone(
          requestOf(body, key, { received }),
          damages.map(({ name }) => name),
        );
      }),
      { numRuns: 200 },
    );
  }, 300_000);
  test("of the body and another part, or of two other parts", async () => {
    const others = fc.tuple(
      fc.option(damage),
      fc.option(fc.constantFrom(...signatureDamages)),
      fc.option(fc.constantFrom(...timestampDamages)),
      fc.option(fc.constantFrom(...keyDamages)),
    );
    const pairs = others.filter((parts) => parts.filter((part) => part !== null).length === 2);
    await fc.assert(
      fc.asyncProperty(envelope, secret, pairs, async (body, key, [ofBody, ofSignature, ofTimestamp, ofKey]) => {
        const received = ofBody ? ofBody.apply(body) : body;
        if (received === undefined) return;
        const request = requestOf(body, key, {
          received,
          signature: (ofSignature?.[1] ?? String)(`v1=${signed(key, body)}`),
          timestamp: (ofTimestamp?.[1] ?? String)(sent),
          key: (ofKey?.[1] ?? String)(key),
        });
        await expectUndone(request, [ofBody?.name, ofSignature?.[0], ofTimestamp?.[0], ofKey?.[0]].map(String));
      }),
      { numRuns: 300 },
    );
  }, 300_000);
});

test("an undamaged request of an unknown key is never proven to have anything", async () => {
  await fc.assert(
    fc.asyncProperty(envelope, secret, fc.array(secret, { maxLength: 3 }), async (body, key, keys) => {
      fc.pre(!keys.some((other) => other.includes(key) || key.includes(other)));
      const request = {
        ...requestOf(body, key, {}),
        keys: keys.map((secret, index) => ({ id: `webhook_${index}`, secret })),
        budgetMs: 100,
      };
      const diagnosis = await diagnose(request);
      expect(diagnosis.verdict).toBe("invalid");
      expect(diagnosis.matchedWebhookId).toBeUndefined();
      expect(diagnosis.causes.filter(({ certainty }) => certainty === "proven")).toEqual([]);
      expect(diagnosis.nextFact).toBeDefined();
    }),
    { numRuns: 100 },
  );
}, 300_000);

/**
 * Which damage can be undone out of the request alone, and what is lost where it can't: those need the stored body,
 * the right header or the right secret.
 */
test("the causes that lose information, and what they lose", () => {
  const losing = Object.fromEntries(allCauses.flatMap(({ id, loses }) => (loses === undefined ? [] : [[id, loses]])));
  expect(losing).toEqual({
    "signature.missing": "the signature",
    "signature.truncated": "the end of the signature; 16 hex digits of it are enough for proof",
    "timestamp.missing": "the timestamp, unless the body tells about when it was sent",
    "timestamp.unit": "microseconds, when such a timestamp was signed",
    "timestamp.format": "nothing of the seconds, but the zone when a date is written without one",
    "secret.notASecret": "the secret itself",
    "body.empty": "the whole body",
    "body.lineEndings": "which lines ended in CRLF, when they were mixed",
    "body.reserialized": "white space of no common style, and which of many empty objects became arrays",
    "body.slashEscapes": "which slashes were escaped, when only some were",
    "body.htmlEscapes": "which of < > & ' were escaped, when only some were",
    "body.unicodeEscapes": "which characters were escaped, when only some were",
    "body.whitespace": "how much white space was trimmed, beyond one space or newline",
    "body.numberFormat": "digits of big integers that were rounded, and which of many numbers had another form",
    "body.keyOrder": "the order of keys, unless the envelope's known order or one of few other orders fits",
    "body.charset": "characters that became � or ?",
    "body.truncated": "what was cut off",
    "body.altered": "what was changed",
  });
});
