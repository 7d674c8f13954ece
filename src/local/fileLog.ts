import { closeSync, fsyncSync, ftruncateSync, openSync, readSync, renameSync, rmSync, writeSync } from "node:fs";
import type { Log, Place } from "./log";

const firstLine = '["local-pacspace",1]';
const newline = 0x0a;
const tab = 0x09;
const blockBytes = 1024 * 1024;

/** A line as it is read at the start: its head, and where to find it again. */
export interface ReadLine {
  readonly head: unknown;
  readonly place: Place;
}

function writeAll(descriptor: number, bytes: Buffer): void {
  for (let done = 0; done < bytes.length;) done += writeSync(descriptor, bytes, done);
}

function readAt(descriptor: number, { offset, length }: Place): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  for (let done = 0; done < length;) {
    const count = readSync(descriptor, bytes, done, length - done, offset + done);
    if (count === 0) throw new Error("The state of Local PacSpace became shorter while it was open.");
    done += count;
  }
  return bytes;
}

function encode(head: string, body: string | undefined): Buffer {
  return Buffer.from(body === undefined ? `${head}\n` : `${head}\t${body}\n`, "utf8");
}

/** The lines of a file, each with its newline; a last one without newline is a torn one and comes too. */
function* lines(descriptor: number): Generator<{ readonly bytes: Buffer; readonly offset: number }> {
  const block = Buffer.allocUnsafe(blockBytes);
  let carried = Buffer.alloc(0);
  let offset = 0;
  for (let position = 0; ;) {
    const count = readSync(descriptor, block, 0, block.length, position);
    if (count === 0) break;
    position += count;
    let rest = carried.length === 0 ? block.subarray(0, count) : Buffer.concat([carried, block.subarray(0, count)]);
    for (let end = rest.indexOf(newline); end !== -1; end = rest.indexOf(newline)) {
      yield { bytes: rest.subarray(0, end + 1), offset };
      offset += end + 1;
      rest = rest.subarray(end + 1);
    }
    carried = Buffer.from(rest);
  }
  if (carried.length > 0) yield { bytes: carried, offset };
}

/**
 * A log in a file, which holds more lines than memory would. A line that a kill cut short is the last one and was never
 * answered for: it is cut off at the next start. What is appended outlives a kill of the process; a failure of the
 * machine's power may take the newest lines.
 */
export class FileLog implements Log {
  readonly #file: string;
  #descriptor: number;
  #size = 0;

  /**
   * Opens a file that is there, or makes one that holds nothing.
   * @throws Error when it can't be opened
   */
  constructor(file: string) {
    this.#file = file;
    this.#descriptor = openSync(file, "a+", 0o600);
  }

  /** Bytes in the file, those that count no more among them. */
  get size(): number {
    return this.#size;
  }

  /**
   * Reads all heads, oldest first. To be called once, before anything is appended; a file that has nothing in it yet
   * begins with `replace`.
   * @throws Error when the file is none of this program's, or damaged elsewhere than at its end
   */
  *load(): Generator<ReadLine> {
    let number = 0;
    let damaged: number | undefined;
    for (const { bytes, offset } of lines(this.#descriptor)) {
      number++;
      if (damaged !== undefined) {
        throw new Error(`${this.#file} is damaged at line ${damaged}. Move the file away to begin anew.`);
      }
      const head = bytes.at(-1) === newline ? parseHead(bytes) : undefined;
      if (head === undefined) {
        damaged = number;
        continue;
      }
      this.#size = offset + bytes.length;
      if (number > 1) yield { head, place: { offset, length: bytes.length } };
      else if (JSON.stringify(head) !== firstLine) {
        throw new Error(`${this.#file} was not written by this version of Local PacSpace. Choose another directory.`);
      }
    }
    if (damaged !== undefined) ftruncateSync(this.#descriptor, this.#size);
  }

  append(head: string, body?: string): Place {
    const bytes = encode(head, body);
    const place = { offset: this.#size, length: bytes.length };
    try {
      writeAll(this.#descriptor, bytes);
    } catch (error) {
      // A line that the disk had no room for must not stand in front of the next one.
      ftruncateSync(this.#descriptor, this.#size);
      throw error;
    }
    this.#size += bytes.length;
    return place;
  }

  read(place: Place): string {
    const bytes = readAt(this.#descriptor, place);
    return bytes.toString("utf8", bytes.indexOf(tab) + 1, bytes.length - 1);
  }

  release(): void {
    // Its bytes go when the file is next compacted.
  }

  /**
   * Puts another file in this one's place, at once and whole: after a kill there is the old one or the new one.
   * @param contents what shall be in it: a line of this log to be copied, or a new one
   * @returns where each line lies now, in the order given
   */
  replace(contents: Iterable<Place | { readonly head: string; readonly body?: string }>): readonly Place[] {
    const temporary = `${this.#file}.tmp`;
    rmSync(temporary, { force: true });
    const descriptor = openSync(temporary, "wx", 0o600);
    const places: Place[] = [];
    const first = encode(firstLine, undefined);
    let size = first.length;
    try {
      let block = [first];
      let waiting = 0;
      const flush = (): void => {
        writeAll(descriptor, Buffer.concat(block));
        block = [];
        waiting = 0;
      };
      for (const content of contents) {
        const bytes = "head" in content ? encode(content.head, content.body) : readAt(this.#descriptor, content);
        places.push({ offset: size, length: bytes.length });
        size += bytes.length;
        block.push(bytes);
        waiting += bytes.length;
        if (waiting > blockBytes) flush();
      }
      flush();
      fsyncSync(descriptor);
    } catch (error) {
      closeSync(descriptor);
      rmSync(temporary, { force: true });
      throw error;
    }
    // Both closed: Windows renames no file that is open.
    closeSync(descriptor);
    closeSync(this.#descriptor);
    try {
      renameSync(temporary, this.#file);
    } finally {
      this.#descriptor = openSync(this.#file, "a+", 0o600);
    }
    this.#size = size;
    return places;
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}

function parseHead(line: Buffer): unknown {
  const end = line.indexOf(tab);
  try {
    return JSON.parse(line.toString("utf8", 0, end === -1 ? line.length - 1 : end)) as unknown;
  } catch {
    return undefined;
  }
}
