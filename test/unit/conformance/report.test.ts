import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { proofCases } from "../../../src/conformance/cases/all";
import type { CaseResult } from "../../../src/conformance/prove";
import { jsonReport, junitReport } from "../../../src/conformance/report/files";
import { plainText } from "../../../src/conformance/report/plainText";
import { resultWords, sumWords } from "../../../src/conformance/report/words";

const hostile = `]]>&<b a="1" c='2'>\u0000\u001b[31m\u0007\u009b31m\u202eevil\ufffe\ud800</testcase>`;
const results: readonly CaseResult[] = [
  { id: "first", title: "One passes", outcome: "passed", did: hostile, durationMs: 12.4 },
  { id: "second", title: "One is told", outcome: "told", did: hostile, durationMs: 1000 },
  { id: "third", title: "One fails", outcome: "failed", did: hostile, should: "Should.", fix: "Do.", durationMs: 5 },
  { id: "fourth", title: "One is not run", outcome: "notRun", did: "Not run.", durationMs: 0 },
];
const head = { url: "http://user:word@localhost:3000/hook?token=1", startedAt: new Date(0) };

/** What a terminal obeys or XML forbids; newlines are the report's own. */
const forbidden = /[\p{Cc}\p{Cs}\u202e\ufffe]/u;

describe("a report", () => {
  test("as words says what was done, what is right and how to mend it", () => {
    expect(results.map(resultWords).map((words) => words.split("\n").length)).toEqual([1, 2, 4, 2]);
    const failed = { ...results[2], did: "The handler answered 200 to x." } as CaseResult;
    expect(resultWords(failed)).toBe(
      [
        "FAILED  One fails (5 ms)",
        "        The handler answered 200 to x.",
        "        Should.",
        "        Fix: Do.",
      ].join("\n"),
    );
    expect(sumWords(results)).toBe("1 passed, 1 failed, 1 told, 1 not run");
    expect(sumWords(results.slice(0, 2))).toBe("1 passed, 0 failed, 1 told");
  });

  test("as JUnit XML escapes what a handler sent, and drops what XML may not hold", () => {
    const text = junitReport(results, head);
    expect(text).toContain(
      '<testsuites name="PacSpace webhook handler" tests="4" failures="1" errors="0" skipped="1" time="1.017">',
    );
    expect(text.match(/<testcase /g)).toHaveLength(4);
    expect(text.match(/<\/testcase>/g)).toHaveLength(4);
    expect(text.match(/<failure /g)).toHaveLength(1);
    expect(text).toContain('<skipped message="Not run."/>');
    expect(text).toContain("<system-out>]]&gt;&amp;&lt;b a=&quot;1&quot; c=&apos;2&apos;&gt;");
    expect(text.replaceAll("\n", "")).not.toMatch(forbidden);
  });

  test("as JSON can be read again", () => {
    const read = JSON.parse(jsonReport(results, head));
    expect(read).toMatchObject({ passed: 1, failed: 1, told: 1, notRun: 1, startedAt: "1970-01-01T00:00:00.000Z" });
    expect(read.cases).toHaveLength(4);
  });

  test("keeps user, password and query of the URL to itself", () => {
    for (const text of [junitReport(results, head), jsonReport(results, head)]) {
      expect(text).toContain("http://localhost:3000/hook");
      expect(text).not.toMatch(/user|word|token/);
    }
  });

  test("takes no control characters from a handler", () => {
    expect(plainText(`a\u001b[2J\r\nb${hostile}`)).not.toMatch(forbidden);
    expect(plainText(" Zoë 東京 🛰 \n")).toBe("Zoë 東京 🛰");
  });
});

describe("the cases", () => {
  test("have ids of their own and titles of their own", () => {
    const ids = proofCases.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.filter((id) => !/^[a-z]+(-[a-z]+)*$/.test(id))).toEqual([]);
    expect(new Set(proofCases.map(({ title }) => title)).size).toBe(ids.length);
    expect(proofCases.findIndex(({ closing }) => closing)).toBe(ids.length - 1);
  });

  test("are listed in the documentation, in their order", () => {
    const text = readFileSync(new URL("../../../docs/handler-proof.md", import.meta.url), "utf8");
    const table = text.slice(text.indexOf("## What is proven"), text.indexOf("## Handlers"));
    expect([...table.matchAll(/^\| `([a-z-]+)`/gm)].map(([, id]) => id)).toEqual(proofCases.map(({ id }) => id));
  });
});
