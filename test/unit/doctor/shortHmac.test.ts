import { createHmac, createSecretKey } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { ShortHmac } from "../../../src/core/doctor/shortHmac";

const mostBytes = 300;
const bytes = (most: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({ maxLength: most });

test("is what createHmac gives, for any bodies, beginnings and keys in turn", () => {
  const turn = fc.record({
    body: bytes(mostBytes),
    befores: fc.array(fc.string({ unit: "binary", maxLength: 70 }), { minLength: 1, maxLength: 4 }),
  });
  const keys = fc.array(bytes(130), { minLength: 1, maxLength: 3 });
  fc.assert(
    fc.property(fc.array(turn, { minLength: 1, maxLength: 4 }), keys, (turns, secrets) => {
      const short = new ShortHmac(mostBytes);
      const objects = secrets.map((secret) => createSecretKey(secret));
      for (const { body, befores } of turns) {
        short.take(body);
        for (const before of befores) {
          const fits = Buffer.byteLength(before) <= 64;
          expect(short.begin(before)).toBe(fits);
          for (const key of fits ? objects : []) {
            expect(short.digest(key)).toBe(createHmac("sha256", key).update(before).update(body).digest("hex"));
          }
        }
      }
    }),
    { numRuns: 300 },
  );
});

test("is that for more keys than it keeps anything of, again and again", () => {
  const short = new ShortHmac(mostBytes);
  short.take(Buffer.from("{}"));
  expect(short.begin("1.")).toBe(true);
  const keys = Array.from({ length: 1_100 }, (_, number) => createSecretKey(`whsec_${number}`, "utf8"));
  for (const key of [...keys, ...keys.toReversed()]) {
    expect(short.digest(key)).toBe(createHmac("sha256", key).update("1.{}").digest("hex"));
  }
});
