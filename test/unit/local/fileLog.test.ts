import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { FileLog } from "../../../src/local/fileLog";

let directory: string;
let file: string;

beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), "local-pacspace-"));
  file = path.join(directory, "state.jsonl");
});

afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** Opens the file, does something, and closes it again. */
function opened<T>(work: (log: FileLog, lines: readonly unknown[]) => T): T {
  const log = new FileLog(file);
  try {
    const lines = [...log.load()].map(({ head, place }) => {
      const body = log.read(place);
      return [head, body];
    });
    return work(log, lines);
  } finally {
    log.close();
  }
}

test("cut off at any byte, a log holds the whole lines before the cut, and goes on from there", () => {
  const bodies = ['{"a":"é\\t監"}', '{"b":"\\n"}', "[]"];
  opened((log) => {
    log.replace([]);
    bodies.forEach((body, index) => log.append(JSON.stringify(["d", index]), body));
  });
  const whole = readFileSync(file);
  const all = bodies.map((body, index) => [["d", index], body]);
  const ends = [...whole.entries()].filter(([, byte]) => byte === 0x0a).map(([offset]) => offset + 1);
  expect(ends).toHaveLength(bodies.length + 1);
  for (let cut = 0; cut <= whole.length; cut++) {
    writeFileSync(file, whole.subarray(0, cut));
    const kept = ends.filter((end) => end <= cut).length;
    opened((log, lines) => {
      expect(lines, `cut at ${cut}`).toEqual(all.slice(0, Math.max(0, kept - 1)));
      if (kept === 0) {
        expect(log.size).toBe(0);
        log.replace([]);
      }
      log.append('["new"]', "7");
    });
    opened((_log, lines) => expect(lines.at(-1), `cut at ${cut}`).toEqual([["new"], "7"]));
  }
});

test("lines longer than a block are read back to the byte, before and after a replacement", () => {
  const bodies = ["x".repeat(3 * 1024 * 1024), "é".repeat(700_000), "y"].map((text) => JSON.stringify(text));
  const places = opened((log) => {
    log.replace([]);
    return bodies.map((body) => log.append('["d"]', body));
  });
  opened((log, lines) => {
    expect(lines.map((line) => (line as [unknown, string])[1] === bodies[lines.indexOf(line)])).toEqual([
      true,
      true,
      true,
    ]);
    const moved = log.replace([{ head: '["w"]' }, ...places.slice(1)]);
    expect(moved.slice(1).map((place) => log.read(place))).toEqual(bodies.slice(1));
  });
  opened((_log, lines) => expect(lines).toHaveLength(3));
});
