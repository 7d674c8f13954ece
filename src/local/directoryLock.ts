import { linkSync, mkdirSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from "node:fs";
import * as path from "node:path";

/** Directories that this process holds: its own id in a lock file may also be left by an earlier process. */
const held = new Set<string>();

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function ownerOf(file: string): number | undefined {
  try {
    const pid = Number(readFileSync(file, "utf8"));
    return Number.isInteger(pid) && pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a lock file was left behind by a process that is no more. */
function isStale(owner: number | undefined): boolean {
  return owner === undefined || owner === process.pid || !isAlive(owner);
}

/** Makes the lock file whole at once, so that nobody reads one without a number. Throws EEXIST when there is one. */
function place(file: string): void {
  const own = `${file}.${process.pid}`;
  writeFileSync(own, String(process.pid), { mode: 0o600 });
  try {
    linkSync(own, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") throw error;
    // A file system without links.
    writeFileSync(file, String(process.pid), { flag: "wx", mode: 0o600 });
  } finally {
    rmSync(own, { force: true });
  }
}

/** Takes a stale lock file out of the way; of two processes that try, one succeeds, and a live lock is put back. */
function removeStale(file: string): void {
  const aside = `${file}.${process.pid}.stale`;
  try {
    renameSync(file, aside);
  } catch {
    return;
  }
  // Another process may have replaced the stale one since it was read.
  if (!isStale(ownerOf(aside))) {
    try {
      linkSync(aside, file);
    } catch {
      // A third one holds it by now.
    }
  }
  rmSync(aside, { force: true });
}

/**
 * Takes a directory for this process alone, by a file that holds its process id. The directory is made when missing.
 * @returns what gives the directory free again
 * @throws Error with code `ELOCKED` when another process that is alive, or another server of this one, holds it
 */
export function lockDirectory(directory: string): () => void {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const real = realpathSync(directory);
  const file = path.join(real, "lock");
  const refuse = (owner: number): never => {
    throw Object.assign(
      new Error(
        `Another Local PacSpace (process ${owner}) has ${directory} open. Stop it, or choose another directory; if that ` +
          `process is something else, delete ${file}.`,
      ),
      { code: "ELOCKED" },
    );
  };
  if (held.has(real)) refuse(process.pid);
  for (let tries = 0; ; tries++) {
    try {
      place(file);
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      const owner = ownerOf(file);
      if (!isStale(owner) || tries === 3) refuse(owner ?? 0);
      removeStale(file);
    }
  }
  held.add(real);
  return () => {
    if (held.delete(real)) rmSync(file, { force: true });
  };
}
