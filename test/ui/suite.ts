import { testFiles } from "test-files";
import { runFiles } from "../mocha/runFiles";
import { openPages } from "./harness/session";
import { screenshot, takePicturesOf } from "./harness/pictures";

/**
 * Runs the UI suite in this process.
 * @throws {Error} when a test failed, or when none ran
 */
export async function run(): Promise<void> {
  takePicturesOf("ui");
  await runFiles(testFiles, {
    title: "ui",
    print: (line) => process.stdout.write(`${line}\n`),
    grep: process.env.UI_GREP,
    resultFile: process.env.PACSPACE_RESULT_FILE,
    timeoutMs: 60_000,
    afterFailure: async (title) => {
      for (const [index, page] of openPages().entries()) await screenshot(page, `failed-${title}-${index + 1}`);
    },
  });
}
