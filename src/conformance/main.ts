import { writeFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { invalidInput, isPacSpaceError } from "../core/errors";
import { proofCases } from "./cases/all";
import { readCommandLine, usage, type Asked } from "./commandLine";
import { proveHandler, type CaseResult } from "./prove";
import { junitReport, jsonReport } from "./report/files";
import { resultWords, sumWords } from "./report/words";

/** The version of the package, put in when it is built. */
declare const PROOF_VERSION: string;

const nothingProven = 2;

async function secretFor(variable: string | undefined): Promise<string> {
  // Only the line's end goes: any other space could belong to the secret.
  const secret = variable === undefined ? (await text(process.stdin)).replace(/\r?\n$/, "") : process.env[variable];
  if (secret !== undefined && secret !== "") return secret;
  throw invalidInput(
    variable === undefined
      ? "There is no secret on standard input."
      : "There is no secret in the environment: set PACSPACE_WEBHOOK_SECRET, or name its variable by --secret-env.",
  );
}

async function write(file: string | undefined, content: string): Promise<void> {
  if (file === undefined) return;
  await writeFile(file, content).catch((error: unknown) => {
    const code = (error as NodeJS.ErrnoException).code ?? "unknown";
    throw invalidInput(`The report could not be written to ${file} (${code}). Its folder must be there and writable.`);
  });
}

async function prove(asked: Extract<Asked, { kind: "proof" }>): Promise<number> {
  const { url, checkUrl, timeoutMs, junit, json } = asked;
  const secret = await secretFor(asked.secretVariable);
  const head = { url, startedAt: new Date() };
  const results: CaseResult[] = [];
  for await (const result of proveHandler({ url, secret, checkUrl, timeoutMs, cases: proofCases })) {
    process.stdout.write(`${resultWords(result)}\n`);
    results.push(result);
  }
  process.stdout.write(`\n${sumWords(results)}\n`);
  await write(junit, junitReport(results, head));
  await write(json, jsonReport(results, head));
  return results.some(({ outcome }) => outcome === "failed") ? 1 : 0;
}

async function main(): Promise<number> {
  const asked = readCommandLine(process.argv.slice(2));
  if (asked.kind === "proof") return prove(asked);
  process.stdout.write(asked.kind === "help" ? usage : `${PROOF_VERSION}\n`);
  return 0;
}

// Who reads along may leave, as head does: the reports are still written, and the status tells how it went.
process.stdout.on("error", () => undefined);

main().then(
  (status) => {
    process.exitCode = status;
  },
  (error: unknown) => {
    const sentence = error instanceof Error ? error.message : String(error);
    const more = isPacSpaceError(error) && error.kind === "invalid" ? "\nTry --help." : "";
    process.stderr.write(`pacspace-webhook-proof: ${sentence}${more}\n`);
    process.exitCode = nothingProven;
  },
);
