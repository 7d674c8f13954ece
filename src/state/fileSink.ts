import type { FileHandle } from "node:fs/promises";

/** So many bytes wait to be written at most, and a little more: then the sender is held back. */
const mostWaiting = 1024 * 1024;

/** Writes chunks to a file while the next ones arrive: those that came during a write go out together in the next one. */
export class FileSink {
  #waiting: Uint8Array[] = [];
  #bytes = 0;
  #writing: Promise<void> | undefined;
  #error: Error | undefined;

  constructor(private readonly file: FileHandle) {}

  /**
   * Takes a chunk; settles when there is room for another.
   * @throws what a write failed with
   */
  async take(chunk: Uint8Array): Promise<void> {
    this.#waiting.push(chunk);
    this.#bytes += chunk.byteLength;
    this.#writing ??= this.#write();
    if (this.#bytes > mostWaiting) await this.#writing;
    if (this.#error !== undefined) throw this.#error;
  }

  async #write(): Promise<void> {
    try {
      while (this.#waiting.length > 0) {
        const chunks = this.#waiting;
        this.#waiting = [];
        this.#bytes = 0;
        await writeAll(this.file, chunks);
      }
    } catch (error) {
      this.#error = error instanceof Error ? error : new Error(String(error));
    } finally {
      this.#writing = undefined;
    }
  }

  /** Settles when all is on the disk. Throws what a write failed with. */
  async flush(): Promise<void> {
    await this.#writing;
    if (this.#error !== undefined) throw this.#error;
    await this.file.sync();
  }
}

/** A write may take less than it was given: the rest follows. */
async function writeAll(file: FileHandle, chunks: readonly Uint8Array[]): Promise<void> {
  const wanted = chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0);
  const { bytesWritten } = await file.writev([...chunks]);
  if (bytesWritten === wanted) return;
  await file.appendFile(Buffer.concat(chunks).subarray(bytesWritten));
}
