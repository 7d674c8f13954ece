import { readdir, rm, stat } from "node:fs/promises";
import * as path from "node:path";
import { PacSpaceError } from "../../core/errors";
import { forgetAllSecrets, takeSecretInventory, type SecretInventory } from "../../state/secretInventory";
import type { OwnMemory } from "../platform/ownMemory";
import { counted } from "../../core/model/counted";

/** What is kept on this machine, as numbers and names. */
export interface MemoryInventory extends SecretInventory {
  /** Entries of the global state and this workspace's: filters, choices, the active environment. */
  readonly remembered: number;
  /** Files in the extension's folders: Local PacSpace's accounts, a retry that was not finished. */
  readonly files: number;
}

async function filesIn(folder: string): Promise<number> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  const entries = await Promise.all(names.map((name) => stat(path.join(folder, name)).catch(() => undefined)));
  return entries.filter((entry) => entry?.isFile() === true).length;
}

/** Counts what is kept. */
export async function takeInventory(memory: OwnMemory): Promise<MemoryInventory> {
  const files = await Promise.all(memory.folders.map(filesIn));
  return {
    ...(await takeSecretInventory(memory.secrets)),
    remembered: memory.globalState.keys().length + memory.workspaceState.keys().length,
    files: files.reduce((sum, count) => sum + count, 0),
  };
}

/**
 * Forgets all of it, and reads back that nothing is left.
 * @throws PacSpaceError `conflict` when something is still there
 */
export async function forgetAll(memory: OwnMemory): Promise<void> {
  await forgetAllSecrets(memory.secrets);
  for (const memento of [memory.globalState, memory.workspaceState]) {
    for (const key of memento.keys()) await memento.update(key, undefined);
  }
  for (const folder of memory.folders) await rm(folder, { recursive: true, force: true });
  memory.forgotten.fire();
  const left = await takeInventory(memory);
  if (left.sessions + left.secrets + left.remembered + left.files > 0) {
    throw new PacSpaceError(
      "conflict",
      `Not all is forgotten. Still there: ${counted(left.remembered, "entry", "entries")} of the state, ${counted(left.files, "file")}. Close other windows and try again.`,
    );
  }
}
