import { fork, type ChildProcess, type ForkOptions } from "node:child_process";
import { once } from "node:events";
import * as path from "node:path";
import { build } from "esbuild";

/**
 * Bundles a program of the tests that runs in a process of its own.
 * @param source absolute path of its TypeScript
 * @param folder where the bundle goes
 * @returns the bundle's path
 */
export async function bundled(source: string, folder: string): Promise<string> {
  const outfile = path.join(folder, `${path.basename(source, ".ts")}.cjs`);
  // jsonc-parser's UMD build requires its own files by computed paths, which no bundler follows.
  const mainFields = ["module", "main"];
  await build({ entryPoints: [source], outfile, bundle: true, platform: "node", mainFields });
  return outfile;
}

/** Starts such a program with one argument, as JSON. */
export function started(program: string, argument: object, options: ForkOptions = {}): ChildProcess {
  return fork(program, [JSON.stringify(argument)], {
    execArgv: [],
    stdio: ["ignore", "ignore", "inherit", "ipc"],
    ...options,
  });
}

/**
 * The next message of such a program.
 * @throws Error when it ends before
 */
export async function nextMessage<T>(child: ChildProcess): Promise<T> {
  const ended = new AbortController();
  child.once("exit", () => ended.abort());
  const [message] = (await once(child, "message", { signal: ended.signal })) as [T];
  return message;
}
