import { testFiles } from "test-files";
import { runFiles } from "../mocha/runFiles";

/**
 * What VS Code calls in its extension host.
 * @throws {Error} when a test failed, or when none ran
 */
export async function run(): Promise<void> {
  await runFiles(testFiles, {
    title: "host",
    // Tells these lines from the host's own among all that reaches its console.
    print: (line) => console.log(`[T] ${line}`),
    grep: process.env.HOST_GREP,
    resultFile: process.env.PACSPACE_RESULT_FILE,
    timeoutMs: 60_000,
  });
}
