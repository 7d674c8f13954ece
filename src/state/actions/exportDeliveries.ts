import { randomBytes } from "node:crypto";
import { open, rename, rm, stat, type FileHandle } from "node:fs/promises";
import * as path from "node:path";
import { PacSpaceError } from "../../core/errors";
import type { DeliveryPageRequest } from "../../core/model/deliveryFilter";
import type { Account } from "../account";
import { FileSink } from "../fileSink";

export interface ExportTask {
  readonly signal?: AbortSignal | undefined;
  /** Replaces a file that is there. */
  readonly overwrite?: boolean | undefined;
  readonly onBytes?: ((bytes: number) => void) | undefined;
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}

async function refuseExisting(file: string, overwrite: boolean | undefined): Promise<void> {
  if (overwrite !== true && (await exists(file))) {
    throw new PacSpaceError("conflict", `${file} exists already. Choose another name, or pass overwrite: true.`);
  }
}

function fileProblem(file: string, error: unknown): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === undefined || error instanceof PacSpaceError) return error;
  const why: Readonly<Record<string, string>> = {
    ENOENT: "its folder does not exist",
    EACCES: "you may not write there",
    EPERM: "you may not write there",
    ENOSPC: "the disk is full",
    EISDIR: "it is a folder",
  };
  return new PacSpaceError("invalid", `The export can't be written to ${file}: ${why[code] ?? message}.`, {
    code,
    cause: error,
  });
}

/**
 * Saves the delivery export byte for byte: to a temporary file beside the target, which takes its place at the end.
 * When it fails or is cancelled nothing is left behind, and a file that was there stays as it was.
 * @param file absolute path of the target
 * @returns how many bytes were written
 * @throws PacSpaceError `conflict` for an existing file without `overwrite`
 */
export async function exportDeliveries(
  account: Account,
  request: DeliveryPageRequest,
  file: string,
  task: ExportTask = {},
): Promise<number> {
  await refuseExisting(file, task.overwrite);
  const temporary = path.join(path.dirname(file), `.${path.basename(file)}.${randomBytes(6).toString("hex")}.part`);
  try {
    // Before anything is asked for: an answer that can't be written would be left unread.
    const handle = await open(temporary, "wx", 0o600);
    let bytes: number;
    try {
      bytes = await account.call(async (api) =>
        write(await api.webhooks.exportDeliveries(request, { signal: task.signal }), handle, task.onBytes),
      );
    } finally {
      await handle.close();
    }
    // Cancelled in the last moment is cancelled all the same.
    if (task.signal?.aborted === true) throw new PacSpaceError("cancelled", "The export was cancelled.");
    await refuseExisting(file, task.overwrite);
    await rename(temporary, file);
    return bytes;
  } catch (error) {
    await rm(temporary, { force: true });
    throw fileProblem(file, error);
  }
}

async function write(
  chunks: AsyncIterable<Uint8Array>,
  handle: FileHandle,
  onBytes: ExportTask["onBytes"],
): Promise<number> {
  const sink = new FileSink(handle);
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.byteLength;
    await sink.take(chunk);
    onBytes?.(bytes);
  }
  await sink.flush();
  return bytes;
}
