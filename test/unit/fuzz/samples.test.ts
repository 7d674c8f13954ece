import { expect, test } from "vitest";
import { isErrorOfKind } from "../../../src/core/errors";
import { sampleTemplate } from "../../../src/core/events/catalogue";
import { mostSampleBytes, sampleEvent, sampleFileName } from "../../../src/core/events/sampleFile";
import { fillPlaceholders } from "../../../src/core/events/sampleText";
import { assertPrototypesClean, damaged, hostileText, hostileTexts, nested } from "../../fuzz/hostile";
import { mutated } from "../../fuzz/mutated";
import { Random } from "../../fuzz/random";
import { fuzzRuns, fuzzSeed, fuzzTimeoutMs } from "../../fuzz/runs";

/** What a sentence for a person must not have in it. */
const unseen = /[\p{Cc}\p{Cs}\u2028\u2029\u200b\u200e\u200f\u061c\u202a-\u202e\u2060-\u2069\ufeff]/u;
const marker = "s3cr3tOfTheFile";

/** What a reader gives, or undefined when it refuses in one sentence that says nothing of what the file holds. */
function readOrRefused<T>(what: string, read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!isErrorOfKind(error, "invalid")) throw new Error(what, { cause: error });
    const { message } = error;
    if (unseen.test(message) || message.length > 4_000 || message.includes(marker)) {
      throw new Error(`${what}: ${JSON.stringify(message).slice(0, 300)}`, { cause: error });
    }
    return undefined;
  }
}

/** A sample as somebody else's repository may bring it. */
function someFile(random: Random): Buffer {
  const sample = { ...sampleTemplate("delta.verified"), note: marker };
  const value = random.below(4) === 0 ? damaged(random, damaged(random, sample)) : damaged(random, sample);
  const text = random.below(20) === 0 ? hostileText(random) : JSON.stringify(value, undefined, random.below(3));
  const whole = random.below(3) === 0 ? mutated(random, text) : text;
  const marked = random.below(20) === 0 ? `\ufeff${whole}` : whole;
  return Buffer.from(marked, random.pick(["utf8", "utf8", "utf8", "utf8", "utf8", "utf8", "latin1", "utf16le"]));
}

test(
  "sample files, damaged: the event that their JSON tells, fit for a header, or refused in one sentence",
  () => {
    const random = new Random(fuzzSeed);
    const counts = { read: 0, refused: 0 };
    for (let round = 0; round < fuzzRuns; round++) {
      const bytes = someFile(random);
      const name = random.below(2) === 0 ? "delta.json" : hostileText(random);
      const event = readOrRefused(`round ${round}`, () => sampleEvent(bytes, name));
      counts[event === undefined ? "refused" : "read"]++;
      if (event === undefined) continue;
      const text = bytes.toString();
      const told: unknown = JSON.parse(text);
      const wanted = String(Object.entries(told as object).find(([key]) => key === "event")?.[1]);
      if (event !== wanted || !/^[\x21-\x7e]{1,200}$/.test(event)) {
        throw new Error(`round ${round}: ${JSON.stringify([event, wanted])}`);
      }
      // What is sent is the file's text, but for its placeholders.
      const sent = fillPlaceholders(text, { now: new Date(0), random: () => 0 });
      const rest = text.split(/\{\{(?:now|unix|hex:[1-9]\d?)\}\}/);
      if (!rest.every((part) => sent.includes(part)) || (rest.length === 1 && sent !== text)) {
        throw new Error(`round ${round}: ${sent.slice(0, 300)}`);
      }
    }
    expect(Math.min(counts.read, counts.refused)).toBeGreaterThan(fuzzRuns / 10);
    assertPrototypesClean();
  },
  fuzzTimeoutMs,
);

test(
  "names for samples, damaged: a file beside the others on any system, or refused in one sentence",
  () => {
    const random = new Random(fuzzSeed);
    let read = 0;
    for (let round = 0; round < fuzzRuns; round++) {
      const text =
        random.below(3) === 0
          ? hostileText(random)
          : mutated(random, random.pick(["delta-negative", "a.json", "../x", "C:\\x", ".hidden"]));
      const name = readOrRefused(`round ${round}`, () => sampleFileName(text));
      if (name === undefined) continue;
      read++;
      if (!/^[\w-][\w.-]*\.json$/.test(name) || name.length > 85) throw new Error(`round ${round}: ${name}`);
    }
    expect(read).toBeGreaterThan(fuzzRuns / 10);
  },
  fuzzTimeoutMs,
);

test.each([
  ["more than 10 MB", Buffer.alloc(mostSampleBytes + 1, " ")],
  ["10 MB of one string", Buffer.from(JSON.stringify("x\u202e<b>".repeat(1_000_000)))],
  ["an event of 5 MB", Buffer.from(JSON.stringify({ event: "x".repeat(5_000_000) }))],
  ["an event from the prototype", Buffer.from('{"__proto__":{"event":"delta.verified"}}')],
  ["100,000 levels", Buffer.from("[".repeat(100_000) + "]".repeat(100_000))],
  [
    "half a character",
    Buffer.concat([Buffer.from('{"event":"delta.verified","data":"'), Buffer.from([0xc3, 0x22, 0x7d])]),
  ],
  ...hostileTexts
    .map((text) => [`an event ${JSON.stringify(text)}`, { event: text }] as const)
    .flatMap(([name, value]) =>
      /^[\x21-\x7e]{1,200}$/.test(value.event) ? [] : [[name, Buffer.from(JSON.stringify(value))] as const],
    ),
] as readonly (readonly [string, Buffer])[])("a file of %s is refused", (_name, bytes) => {
  expect(readOrRefused("refused", () => sampleEvent(bytes, "large.json"))).toBeUndefined();
});

test("an event that is 100 levels above its bottom is read", () => {
  const bytes = Buffer.from(JSON.stringify({ event: "delta.verified", data: nested(100) }));
  expect(sampleEvent(bytes, "deep.json")).toBe("delta.verified");
});
