import { readdir, rename, rmdir, stat } from "node:fs/promises";
import * as path from "node:path";
import { isAnotherAlive, thisProcess } from "../../state/owningProcess";

/** Says which process a folder belongs to: when the machine was started, its id, and what else tells it. */
const folderName = /^(\d+)-(\d+)(?:-([0-9a-f]+\.\d+))?$/;

/** The folders whose process is no more, the last one written to first. */
async function abandoned(parent: string): Promise<readonly string[]> {
  const names = await readdir(parent).catch(() => []);
  const found = await Promise.all(
    names.map(async (name) => {
      const [, boot, pid, born] = folderName.exec(name) ?? [];
      if (pid === undefined || isAnotherAlive({ pid: Number(pid), boot: Number(boot), born })) return [];
      const folder = path.join(parent, name);
      const entry = await stat(folder).catch(() => undefined);
      return entry === undefined ? [] : [{ folder, changedAt: entry.mtimeMs }];
    }),
  );
  const byTime = found.flat().toSorted((left, right) => right.changedAt - left.changedAt);
  return byTime.map(({ folder }) => folder);
}

/**
 * A folder below a shared one for this process alone, which may not be there yet. It takes over the last one that a
 * process has left: a reload, or VS Code's next start, finds what was kept. Of two processes that want the same one, the
 * renaming lets one have it.
 */
export async function ownFolder(parent: string): Promise<string> {
  const { born, boot, pid } = thisProcess();
  const own = path.join(parent, [boot, pid, born].filter((part) => part !== undefined).join("-"));
  for (const folder of await abandoned(parent)) {
    const isEmpty = await rmdir(folder).then(
      () => true,
      () => false,
    );
    if (isEmpty) continue;
    const isTaken = await rename(folder, own).then(
      () => true,
      () => false,
    );
    if (isTaken) break;
  }
  return own;
}
