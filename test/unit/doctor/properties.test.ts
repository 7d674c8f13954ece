import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { diagnose } from "../../../src/core/doctor/diagnose";
import { allCauses } from "../../../src/core/doctor/causes";
import { handlerDamages, requestDamages } from "./damages/all";
import { damagedPassage, passageOf, requestOf, withHandler, type Damage, type Passage } from "./damages/passage";
import { envelope, seasonedEnvelope, secret } from "./envelopes";

/** By the cause's name, how sure it is where it is not proven. */
async function idsOf(passage: Passage): Promise<readonly string[]> {
  const { causes, matchedWebhookId } = await diagnose(requestOf(passage));
  expect(matchedWebhookId).toBe("webhook_a");
  return causes.map(({ id, certainty }) => (certainty === "proven" ? id : `${id}?`)).toSorted();
}

function isSame(passage: Passage, other: Passage): boolean {
  return JSON.stringify(requestOf(passage)) === JSON.stringify(requestOf(other));
}

/** The causes that must be named: those of the damages that changed something. */
function idsFor(passage: Passage, body: Buffer, key: string, damages: readonly Damage[]): readonly string[] {
  const changing = damages.filter((damage) => {
    const sent = damage.prepare?.(body) ?? body;
    const without =
      damagedPassage(
        sent,
        key,
        damages.filter((other) => other !== damage),
      ) ?? passageOf(sent, key);
    return !isSame(passage, passage.handler ? withHandler(without) : without);
  });
  const ids = changing.map(({ id }) => id);
  const isCorrect =
    passage.handler !== undefined &&
    changing.every(({ id, part }) => part === "handler's value" && !/encoding|decorated/.test(id));
  return (isCorrect ? [...ids, "handler.correct"] : ids).toSorted();
}

const ofBody = requestDamages.filter(({ part }) => part === "body");

/** Without an escape that need not be: which of them were there can't be seen once all are gone. */
function isSettled(body: Buffer): boolean {
  return !/\\(?:u|\/)/.test(body.toString());
}

test("every cause that loses nothing has a damage, and every damage its cause", () => {
  const tested = new Set([...requestDamages, ...handlerDamages].map(({ id }) => id));
  const untested = allCauses.filter(({ id, loses }) => loses === undefined && !tested.has(id));
  expect(untested.map(({ id }) => id)).toEqual([]);
  expect([...tested].filter((id) => !allCauses.some((cause) => cause.id === id))).toEqual([]);
});

describe.each([
  ["on the way", requestDamages],
  ["of a handler", handlerDamages],
])("each damage %s is undone, and nothing else is named", (_side, damages) => {
  test.each(damages)("$id: $name", async (damage) => {
    let changed = 0;
    await fc.assert(
      fc.asyncProperty(seasonedEnvelope, secret, async (body, key) => {
        const passage = damagedPassage(body, key, [damage]);
        fc.pre(passage !== undefined);
        const ids = idsFor(passage, body, key, [damage]);
        if (ids.includes(damage.id)) changed++;
        expect(await idsOf(passage)).toEqual(ids);
      }),
      { numRuns: 40 },
    );
    expect(changed).toBeGreaterThan(0);
  });
});

/** Two damages, in the order in which they are done. */
function pairsOf(
  damages: readonly Damage[],
  isPair: (one: Damage, other: Damage) => boolean,
): fc.Arbitrary<[Damage, Damage]> {
  const damage = fc.constantFrom(...damages);
  return fc.tuple(damage, damage).filter(([one, other]) => isPair(one, other));
}

describe("pairs are undone", () => {
  /** Damages of one part may undo each other; none may be named that was not there. */
  async function expectUndone(body: Buffer, key: string, damages: readonly Damage[]): Promise<void> {
    const passage = damagedPassage(body, key, damages);
    fc.pre(passage !== undefined);
    const ids = await idsOf(passage);
    const done = damages.map(({ id }) => id);
    expect(ids.length, `${ids.join()} for ${done.join()}`).toBeLessThanOrEqual(done.length);
    expect(ids.filter((id) => id.endsWith("?"))).toEqual([]);
  }
  test("of the body", async () => {
    // Where each of two takes many tries, both together take too many; and nothing has two marks that both get lost.
    const pairs = pairsOf(
      ofBody,
      (one, other) => !(one.takesMany && other.takesMany) && !(one === other && one.prepare),
    );
    await fc.assert(fc.asyncProperty(seasonedEnvelope, secret, pairs, expectUndone), { numRuns: 400 });
  }, 300_000);
  test("of the body, by threes and fours, where each leads away from PacSpace's own form", async () => {
    const settling = ofBody.filter(
      ({ id, name, prepare }) => id !== "body.charset" && name !== "LF to CRLF" && prepare === undefined,
    );
    const several = fc.uniqueArray(fc.constantFrom(...settling), {
      minLength: 3,
      maxLength: 4,
      selector: ({ id }) => id,
    });
    await fc.assert(
      fc.asyncProperty(envelope, secret, several, async (body, key, damages) => {
        fc.pre(isSettled(body));
        await expectUndone(body, key, damages);
      }),
      { numRuns: 200 },
    );
  }, 300_000);
  /** Damages of two parts don't undo each other: both are named, and nothing else. */
  async function expectNamed(body: Buffer, key: string, damages: readonly Damage[]): Promise<void> {
    const passage = damagedPassage(body, key, damages);
    fc.pre(passage !== undefined);
    expect(await idsOf(passage)).toEqual(idsFor(passage, body, key, damages));
  }
  test("of the signature", async () => {
    const signature = `v1=${"0".repeat(64)},"${passageOf(Buffer.from("{}"), "whsec_1").signature}"`;
    const passage = { ...passageOf(Buffer.from("{}"), "whsec_1"), signature };
    expect(await idsOf(passage)).toEqual(["signature.decorated", "signature.multiple"]);
  });
  test.each([
    ["of two parts of the request", requestDamages, 300],
    ["of two parts of what a handler does", handlerDamages, 80],
  ])(
    "%s",
    async (_name, damages, numRuns) => {
      const pairs = pairsOf(
        damages,
        (one, other) => one.part !== other.part && one.id !== "handler.correct" && other.id !== "handler.correct",
      );
      await fc.assert(fc.asyncProperty(seasonedEnvelope, secret, pairs, expectNamed), { numRuns });
    },
    300_000,
  );
});

test("an undamaged request of an unknown key is never proven to have anything", async () => {
  await fc.assert(
    fc.asyncProperty(envelope, secret, fc.array(secret, { maxLength: 3 }), async (body, key, keys) => {
      fc.pre(!keys.some((other) => other.includes(key) || key.includes(other)));
      const request = {
        ...requestOf(passageOf(body, key)),
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
