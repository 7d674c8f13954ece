import { writeFileSync } from "node:fs";
import { format } from "node:util";
import Mocha from "mocha";

/** A test file: its name for messages, and what loads it. */
export interface TestFile {
  readonly name: string;
  readonly load: () => Promise<unknown>;
}

/** How a run ended. */
export interface Outcome {
  readonly passed: number;
  readonly failed: number;
}

interface RunOptions {
  /** Names the suite in the closing line. */
  readonly title: string;
  /** Called with every line of the report. */
  readonly print: (line: string) => void;
  /** Only tests whose full title has this are run. */
  readonly grep: string | undefined;
  /** A file that gets the outcome as JSON, for whoever cannot see the printed lines. */
  readonly resultFile: string | undefined;
  /** For a test that sets no limit of its own. */
  readonly timeoutMs: number;
  /** Called with the title of a test that failed, before anything is torn down. */
  readonly afterFailure?: (title: string) => Promise<void>;
}

/**
 * Runs test files under mocha and reports on them.
 * @throws {Error} when a test failed, or when none ran
 */
export async function runFiles(files: readonly TestFile[], options: RunOptions): Promise<void> {
  const { title, print, grep, resultFile, timeoutMs, afterFailure } = options;
  // Reporters write to this and not to stdout, which nobody sees from inside an extension host.
  Mocha.reporters.Base.consoleLog = (...words: unknown[]) => {
    for (const line of format(...words).split("\n")) print(line);
  };
  const mocha = new Mocha({
    ui: "bdd",
    timeout: timeoutMs,
    color: false,
    forbidOnly: true,
    forbidPending: true,
    ...(grep ? { fgrep: grep } : {}),
  });
  if (afterFailure) {
    mocha.suite.afterEach(async function () {
      if (this.currentTest?.state === "failed") await afterFailure(this.currentTest.fullTitle());
    });
  }
  for (const { name, load } of files) {
    mocha.suite.emit("pre-require", globalThis, name, mocha);
    await load();
    mocha.suite.emit("post-require", globalThis, name, mocha);
  }
  const { passed, failed } = await new Promise<Outcome>((resolve) => {
    const runner = mocha.run(() => {
      const { passes = 0, failures = 0 } = runner.stats ?? {};
      resolve({ passed: passes, failed: failures });
    });
  });
  const outcome: Outcome = { passed, failed };
  if (resultFile) writeFileSync(resultFile, JSON.stringify(outcome));
  print(`${title}: ${passed} passed, ${failed} failed`);
  if (failed > 0) throw new Error(`${failed} of the ${title} tests failed`);
  if (passed === 0) throw new Error(`None of the ${title} tests ran${grep ? `: no title has "${grep}"` : ""}`);
}
