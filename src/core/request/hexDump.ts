/** One line of `xxd`, `hexdump -C` or an editor's hex view: a place, pairs of hex digits, the same as text. */
const dumpLine =
  /^\s*([0-9a-fA-F]{4,16})[:|]?\s+((?:[0-9a-fA-F]{2}){1,8}(?:\s{1,2}(?:[0-9a-fA-F]{2}){1,8})*)(?:\s*$|\s{1,}\|.*$|\s{2,}.*$)/;
const lineBytes = 16;
/** Far above any webhook's body; lines that a dump leaves out count. */
const mostBytes = 8 * 1024 * 1024;

/** The bytes of a line; the text beside them may begin with what looks like hex, so no more than a line holds count. */
function bytesOf(pairs: string): readonly number[] {
  const digits = pairs.replaceAll(/\s+/g, "").slice(0, lineBytes * 2);
  return Array.from({ length: digits.length / 2 }, (_, index) =>
    Number.parseInt(digits.slice(index * 2, index * 2 + 2), 16),
  );
}

/**
 * Reads a hex dump. Each line's place must be where the bytes before it end; a line with an asterisk stands for as many
 * as the one before it as are left out.
 * @returns undefined for any other text
 */
export function hexDumpBytes(text: string): Uint8Array | undefined {
  if (!/^\s*[0-9a-fA-F]{4,16}[:|]?\s+[0-9a-fA-F]{2}/.test(text.slice(0, 200))) return undefined;
  const lines = text.trim().split(/\r?\n/);
  const bytes: number[] = [];
  let repeats = false;
  for (const line of lines) {
    if (line.trim() === "*") {
      repeats = true;
      continue;
    }
    const place = Number.parseInt(/^\s*([0-9a-fA-F]{4,16})/.exec(line)?.[1] ?? "", 16);
    if (!(place <= mostBytes)) return undefined;
    const last = bytes.slice(-lineBytes);
    while (repeats && last.length === lineBytes && bytes.length < place) bytes.push(...last);
    repeats = false;
    if (place !== bytes.length) return undefined;
    // hexdump ends with the length alone.
    if (/^\s*[0-9a-fA-F]{4,16}\s*$/.test(line) && bytes.length > 0) continue;
    const found = dumpLine.exec(line);
    if (found === null) return undefined;
    bytes.push(...bytesOf(found[2] ?? ""));
  }
  return bytes.length === 0 ? undefined : Uint8Array.from(bytes);
}
