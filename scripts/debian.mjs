import { join } from "node:path";
import { withLock } from "./lock.mjs";
import { cacheDir } from "./root.mjs";
import { onPath, run, say } from "./run.mjs";

/**
 * @param {string} sudo
 * @returns {Promise<boolean>} whether it works without asking for a password
 */
async function asksNothing(sudo) {
  try {
    await run(sudo, ["-n", "true"]);
    return true;
  } catch {
    return false;
  }
}

/**
 * @returns {Promise<string[] | undefined>} the words before `apt-get` that let it install; undefined when nothing does
 */
async function rights() {
  if (!onPath("apt-get")) return undefined;
  if (process.getuid?.() === 0) return [];
  const sudo = onPath("sudo");
  return sudo && (await asksNothing(sudo)) ? [sudo, "-n"] : undefined;
}

/**
 * Installs Debian (or Ubuntu) packages, as root or by a sudo that asks for no password.
 * @param {readonly string[]} packages
 * @param {{ missing: string, purpose: string, byHand: string }} why `missing` and `purpose` go into what is printed and
 *   thrown; `byHand` is the sentence that tells a person elsewhere what to do
 * @returns {Promise<void>}
 * @throws {Error} when nothing here may install packages, or when apt-get fails
 */
export async function installDebianPackages(packages, why) {
  const before = await rights();
  const byApt = `apt-get install ${packages.join(" ")}`;
  if (!before) {
    throw new Error(`${why.missing} is missing: ${why.purpose}. ${why.byHand} On Debian or Ubuntu: sudo ${byApt}`);
  }
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const apt = async (/** @type {string[]} */ ...args) => {
    const [command = "apt-get", ...rest] = [...before, "apt-get", "-qq", ...args];
    await run(command, rest, { env, doing: `at ${byApt}` });
  };
  await withLock(join(cacheDir, "apt.lock"), "installing Debian packages", async () => {
    say(`${why.missing} is missing (${why.purpose}): ${byApt} …`);
    await apt("update");
    await apt("install", "-y", "--no-install-recommends", ...packages);
  });
}
