import { testFiles } from "test-files";
import { runFiles } from "../mocha/runFiles";
import { takePicturesOf } from "../ui/harness/pictures";

/**
 * Runs the panel suite in this process.
 * @throws {Error} when a test failed, or when none ran
 */
export async function run(): Promise<void> {
  takePicturesOf("panel");
  await runFiles(testFiles, {
    title: "panel",
    print: (line) => process.stdout.write(`${line}\n`),
    grep: process.env.PANEL_GREP,
    resultFile: undefined,
    timeoutMs: 60_000,
  });
}
