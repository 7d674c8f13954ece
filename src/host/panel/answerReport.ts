import { frameworkNames, type Framework, type Snippet } from "../../core/model/diagnosis";
import { verdictSentence } from "../../core/model/verdict";
import type { CheckOutcome, FindingView } from "../../protocol/outcomeView";
import { counted } from "../../core/model/counted";

/** What a report says of the request beside the answer. */
export interface ReportedRequest {
  readonly timestamp: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** A code span or block whose fence is longer than any run of backticks within. */
function fence(text: string, least: number): string {
  const runs = [...text.matchAll(/`+/g)].map(([run]) => run.length);
  return "`".repeat(Math.max(least, ...runs.map((length) => length + 1)));
}

function inline(text: string): string {
  const mark = fence(text, 1);
  // A space beside the mark is taken away again where the text begins or ends with one of its own, or with a backtick.
  const pad = /^[`\s]|[`\s]$/.test(text) ? " " : "";
  return `${mark}${pad}${text}${pad}${mark}`;
}

function block(code: string, language: string): string {
  const mark = fence(code, 3);
  return `${mark}${language}\n${code}\n${mark}`;
}

const languages: Readonly<Record<Framework, string>> = {
  express: "js",
  fastify: "js",
  nextjs: "ts",
  hono: "ts",
  flask: "python",
  fastapi: "python",
  django: "python",
  go: "go",
  spring: "java",
  rails: "ruby",
  laravel: "php",
  aspnet: "csharp",
};

function side(name: string, { start, hex, text }: Snippet): string {
  return `- ${name}, from byte ${start}: ${inline(hex === "" ? "(ends here)" : hex)}, as text ${inline(text)}`;
}

function findingSection(
  { id, certainty, detail, before, after, change, code }: FindingView,
  framework: Framework,
): string {
  const difference =
    before === undefined || after === undefined
      ? []
      : [
          `The first byte that differs is number ${after.differsAt}, counted from 0.`,
          [side("As it arrived", before), side("As it matches", after)].join("\n"),
        ];
  return [
    `### ${inline(id)}, ${certainty}`,
    detail,
    ...difference,
    `**What to change** (${frameworkNames[framework]}): ${change}`,
    block(code, languages[framework]),
  ].join("\n\n");
}

function triedTable({ attempts }: CheckOutcome): string {
  const rows = attempts.map(({ family, count, elapsedMs }) => `| ${family} | ${count} | ${elapsedMs.toFixed(1)} |`);
  return ["| tried | HMACs | ms |", "| --- | ---: | ---: |", ...rows].join("\n");
}

/**
 * An answer as Markdown, for a ticket. It holds what the panel shows and nothing else: no secret, no header, no
 * signature that was expected, and of the body its length, its hash and the bytes around a difference.
 */
export function answerReport(outcome: CheckOutcome, request: ReportedRequest, framework: Framework): string {
  const { verdict, matchedWebhookId, tried, elapsedMs, findings, nextFact, outOfTime } = outcome;
  const strict = { verdict, causes: [], tried, ...(matchedWebhookId !== undefined && { matchedWebhookId }) };
  return `${[
    `## PacSpace webhook signature: ${verdict}`,
    findings.length > 0 && (verdict === "invalid" || verdict === "malformed")
      ? findings.map(({ detail }) => detail).join(" ")
      : verdictSentence(strict, (id) => outcome.matchedLabel ?? id),
    [
      `- Timestamp header: ${request.timestamp === "" ? "none" : inline(request.timestamp)}`,
      `- Body: ${counted(request.bytes, "byte")}, SHA-256 ${inline(request.sha256)}`,
      `- ${counted(tried, "HMAC")} in ${elapsedMs.toFixed(0)} ms${outOfTime ? "; time ended before everything was tried" : ""}`,
    ].join("\n"),
    ...(nextFact === undefined ? [] : [`**One further fact would decide:** ${nextFact}`]),
    ...findings.map((finding) => findingSection(finding, framework)),
    ...(outcome.attempts.length === 0 ? [] : ["### What was tried", triedTable(outcome)]),
  ].join("\n\n")}\n`;
}
