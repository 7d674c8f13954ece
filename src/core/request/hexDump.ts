/** One line of `xxd`, `hexdump -C` or an editor's hex view: a place, pairs of hex digits, the same as text. */
const dumpLine =
  /^\s*([0-9a-fA-F]{4,16})[:|]?\s+((?:[0-9a-fA-F]{2}){1,8}(?:\s{1,2}(?:[0-9a-fA-F]{2}){1,8})*)(?:\s*$|\s{1,}\|.*$|\s{2,}.*$)/;
const lineBytes = 16;
/** Lines that a dump leaves out stand for so many bytes at most, all together: a few characters must not fill the memory. */
const mostLeftOut = 1024 * 1024;

/** The bytes of a line; the text beside them may begin with what looks like hex, so no more than a line holds count. */
function bytesOf(pairs: string): Buffer {
  return Buffer.from(pairs.replaceAll(/\s+/g, "").slice(0, lineBytes * 2), "hex");
}

/**
 * Reads a hex dump. Each line's place must be where the bytes before it end; a line with an asterisk stands for as many
 * as the one before it as are left out.
 * @returns undefined for any other text
 */
export function hexDumpBytes(text: string): Uint8Array | undefined {
  if (!/^\s*[0-9a-fA-F]{4,16}[:|]?\s+[0-9a-fA-F]{2}/.test(text.slice(0, 200))) return undefined;
  const lines = text.trim().split(/\r?\n/);
  const pieces: Buffer[] = [];
  let length = 0;
  let leftOut = 0;
  let repeats = false;
  const add = (piece: Buffer): void => {
    pieces.push(piece);
    length += piece.length;
  };
  for (const line of lines) {
    if (line.trim() === "*") {
      repeats = true;
      continue;
    }
    const place = Number.parseInt(/^\s*([0-9a-fA-F]{4,16})/.exec(line)?.[1] ?? "", 16);
    const last = pieces.at(-1)?.subarray(-lineBytes);
    const missing = place - length;
    if (repeats && last?.length === lineBytes && missing > 0) {
      leftOut += missing;
      if (missing % lineBytes !== 0 || leftOut > mostLeftOut) return undefined;
      add(Buffer.alloc(missing, last));
    }
    repeats = false;
    if (place !== length) return undefined;
    // hexdump ends with the length alone.
    if (/^\s*[0-9a-fA-F]{4,16}\s*$/.test(line) && length > 0) continue;
    const found = dumpLine.exec(line);
    if (found === null) return undefined;
    add(bytesOf(found[2] ?? ""));
  }
  return length === 0 ? undefined : Buffer.concat(pieces);
}
