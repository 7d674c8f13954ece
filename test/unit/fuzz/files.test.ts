import { expect, test } from "vitest";
import { formatCookieFile, parseCookieFile } from "../../../src/api/cookieFile";
import { parseCookieHeader } from "../../../src/api/cookieHeader";
import { isErrorOfKind } from "../../../src/core/errors";
import { hostileText } from "../../fuzz/hostile";
import { mutated } from "../../fuzz/mutated";
import { Random } from "../../fuzz/random";
import { fuzzRuns, fuzzSeed, fuzzTimeoutMs } from "../../fuzz/runs";

const secret = "s3cr3tCookieValue";
const lines = [
  `#HttpOnly_app.pacspace.io\tFALSE\t/\tTRUE\t1893456000\tpacspace_session\t${secret}`,
  `.example.com\tTRUE\t/dashboard\tFALSE\t0\tname\t${secret}`,
  `127.0.0.1\tFALSE\t/\tFALSE\t0\tempty\t${secret}`,
  "# Netscape HTTP Cookie File",
  "",
] as const;
const headers = [`pacspace_session=${secret}; theme=dark`, `Cookie: a=${secret}`, `a="${secret}"; b=; c==`] as const;

/** What a reader gives, or undefined when it refuses in a sentence that repeats no cookie. */
function readOrRefused<T>(round: number, read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!isErrorOfKind(error, "invalid")) throw new Error(`round ${round}`, { cause: error });
    // Half of the value would give it away as well.
    if (error.message.includes(secret.slice(0, 8)) || error.message.includes(secret.slice(-8))) {
      throw new Error(`round ${round}: a message repeats a cookie`, { cause: error });
    }
    return undefined;
  }
}

test(
  "cookie files, damaged: read and written alike, or refused by line without repeating a value",
  () => {
    const random = new Random(fuzzSeed);
    const counts = { read: 0, refused: 0 };
    for (let round = 0; round < fuzzRuns; round++) {
      const end = random.pick(["\n", "\r\n", "\r"]);
      const texts = Array.from({ length: 1 + random.below(4) }, () => {
        const line = random.pick(lines);
        return random.below(8) === 0 ? hostileText(random) : random.below(2) === 0 ? mutated(random, line) : line;
      });
      const cookies = readOrRefused(round, () => parseCookieFile(texts.join(end)));
      counts[cookies === undefined ? "refused" : "read"]++;
      if (cookies === undefined) continue;
      expect(parseCookieFile(formatCookieFile(cookies)), `round ${round}`).toEqual(cookies);
      for (const { name, value, path } of cookies) {
        // One that slipped through would be a header line of its own, or a cookie of its own.
        if (/[\p{Cc};]/u.test(name + value + path)) throw new Error(`round ${round}: ${JSON.stringify([name, value])}`);
      }
    }
    expect(Math.min(counts.read, counts.refused)).toBeGreaterThan(fuzzRuns / 10);
  },
  fuzzTimeoutMs,
);

test(
  "pasted cookie headers, damaged: pairs that fit in one header line, or refused without repeating a value",
  () => {
    const random = new Random(fuzzSeed);
    for (let round = 0; round < fuzzRuns; round++) {
      const text = random.below(10) === 0 ? hostileText(random) : mutated(random, random.pick(headers));
      const pairs = readOrRefused(round, () => parseCookieHeader(text));
      for (const { name, value } of pairs ?? []) {
        if (name === "" || /[^\x20-\x7e]|;/.test(name + value))
          throw new Error(`round ${round}: ${JSON.stringify(text)}`);
      }
    }
  },
  fuzzTimeoutMs,
);
