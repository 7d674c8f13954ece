import type { CaseResult } from "../prove";
import { countOutcomes } from "./words";
import { plainText } from "./plainText";

/** What a report says of a run as a whole. */
export interface ReportHead {
  /** The handler's. */
  readonly url: string;
  readonly startedAt: Date;
}

/** A URL without what may be secret in it: user, password, query. */
function publicUrl(text: string): string {
  const { origin, pathname } = new URL(text);
  return origin + pathname;
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};

/** Text as XML may hold it: control characters are not allowed there, not even escaped. */
function xml(text: string): string {
  return plainText(text).replace(/[&<>"']/g, (character) => entities[character] ?? "");
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}

function testcase(result: CaseResult): string {
  const { id, title, outcome, did, should, fix, durationMs } = result;
  const open = `    <testcase classname="pacspace.webhook.${xml(id)}" name="${xml(title)}" time="${seconds(durationMs)}">`;
  const inside = {
    passed: [],
    told: [`      <system-out>${xml(did)}</system-out>`],
    failed: [
      `      <failure message="${xml(did)}">`,
      ...[did, should, fix && `Fix: ${fix}`].filter((line) => line !== undefined).map(xml),
      "      </failure>",
    ],
    notRun: [`      <skipped message="${xml(did)}"/>`],
  }[outcome];
  return [open, ...inside, "    </testcase>"].join("\n");
}

/**
 * A run as JUnit XML: a told case is a passed one with output, one not run is skipped.
 * @returns the file's text
 */
export function junitReport(results: readonly CaseResult[], { url, startedAt }: ReportHead): string {
  const { failed, notRun } = countOutcomes(results);
  const time = seconds(results.reduce((sum, { durationMs }) => sum + durationMs, 0));
  const counts = `tests="${results.length}" failures="${failed}" errors="0" skipped="${notRun}" time="${time}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="PacSpace webhook handler" ${counts}>`,
    `  <testsuite name="PacSpace webhook handler" timestamp="${startedAt.toISOString()}" ${counts}>`,
    `    <properties><property name="url" value="${xml(publicUrl(url))}"/></properties>`,
    ...results.map(testcase),
    "  </testsuite>",
    "</testsuites>",
    "",
  ].join("\n");
}

/**
 * A run as JSON: `{url, startedAt, passed, failed, told, notRun, cases}`.
 * @returns the file's text
 */
export function jsonReport(results: readonly CaseResult[], { url, startedAt }: ReportHead): string {
  const head = { url: publicUrl(url), startedAt: startedAt.toISOString(), ...countOutcomes(results) };
  return `${JSON.stringify({ ...head, cases: results }, undefined, 2)}\n`;
}
