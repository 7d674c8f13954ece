import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startGroup } from "./processGroup.mjs";
import { root } from "./root.mjs";
import { onPath, run, say } from "./run.mjs";

const GRACE_MS = 5_000;
const LOOK_EVERY_MS = 100;

/** @typedef {import("./start.mjs").Started} Started */

/** @returns {string | undefined} the `code` command, where it could open a window */
export function findDesktopCommand() {
  const hasScreen = process.platform !== "linux" || process.env.DISPLAY || process.env.WAYLAND_DISPLAY;
  return hasScreen ? onPath("code") : undefined;
}

/**
 * `code` hands over to a process outside of its group; that one writes its id into the profile.
 * @param {string} profileDir
 * @returns {Promise<void>}
 */
async function closeWindows(profileDir) {
  try {
    const pid = Number(readFileSync(join(profileDir, "code.lock"), "utf8"));
    process.kill(pid, "SIGTERM");
    for (const deadline = Date.now() + GRACE_MS; Date.now() < deadline; await sleep(LOOK_EVERY_MS))
      process.kill(pid, 0);
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended.
  }
}

/**
 * Opens desktop VS Code with a profile of its own, both extensions loaded from their folders.
 * @param {{ command: string, stateDir: string, helperDir: string, workspace: string,
 *   environment: Record<string, string> }} options
 * @returns {Promise<Started>}
 */
export async function startDesktop({ command, stateDir, helperDir, workspace, environment }) {
  say("Building the extension …");
  await run(process.execPath, ["esbuild.js"], { cwd: root });
  const profileDir = join(stateDir, "desktop");
  const group = startGroup(
    command,
    [
      ...["--wait", "--new-window", "--disable-workspace-trust", "--skip-welcome", "--disable-telemetry"],
      `--user-data-dir=${profileDir}`,
      `--extensions-dir=${join(stateDir, "desktop-extensions")}`,
      `--extensionDevelopmentPath=${root}`,
      `--extensionDevelopmentPath=${helperDir}`,
      workspace,
    ],
    { logFile: join(stateDir, "desktop.log"), env: { ...process.env, ...environment } },
  );
  const stop = async () => {
    await closeWindows(profileDir);
    await group.stop();
  };
  return { ended: group.ended, stop, where: `VS Code has opened a window (${command}).` };
}
