// npm run local: Local PacSpace by itself, in the terminal. Arguments are passed on; --help tells them.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { root } from "./root.mjs";
import { explain } from "./run.mjs";
import { ensureDependencies } from "./setup.mjs";

try {
  await ensureDependencies();
  const { build } = await import("esbuild");
  const outfile = join(root, "dist/local.js");
  const entryPoints = [join(root, "src/local/main.ts")];
  await build({ entryPoints, outfile, bundle: true, platform: "node", target: "node20", logLevel: "warning" });
  // The terminal's Ctrl-C reaches both; this one waits for the server to end by itself.
  process.on("SIGINT", () => undefined);
  const server = spawn(process.execPath, [outfile, ...process.argv.slice(2)], { stdio: "inherit" });
  process.on("SIGTERM", () => server.kill("SIGTERM"));
  server.on("exit", (code) => process.exit(code ?? 1));
} catch (error) {
  console.error(explain(error));
  process.exitCode = 1;
}
