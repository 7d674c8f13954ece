import { readdir, readFile, stat } from "node:fs/promises";
import * as path from "node:path";

/** A text that must be found nowhere, and what it is: the text itself is in no message of a failed test. */
export interface Canary {
  readonly name: string;
  readonly text: string;
}

/** Larger files are the browser's own. */
const mostBytes = 64 * 1024 * 1024;

/**
 * Searches every file below a folder.
 * @param isLeftOut tells files that may hold a canary, by their path from the folder, with slashes
 * @returns for each find, the canary's name and the file
 */
export async function scanFiles(
  folder: string,
  canaries: readonly Canary[],
  isLeftOut: (file: string) => boolean,
): Promise<readonly string[]> {
  // Browsers keep texts in two bytes a character where one is not enough.
  const needles = canaries.flatMap(({ name, text }) => [
    { name, bytes: Buffer.from(text, "utf8") },
    { name, bytes: Buffer.from(text, "utf16le") },
  ]);
  const finds = new Set<string>();
  for (const name of await readdir(folder, { recursive: true })) {
    const file = name.replaceAll(path.sep, "/");
    const whole = path.join(folder, name);
    // A browser's files come and go while they are read.
    const entry = await stat(whole).catch(() => undefined);
    if (entry?.isFile() !== true || entry.size > mostBytes || isLeftOut(file)) continue;
    const content = await readFile(whole).catch(() => Buffer.alloc(0));
    for (const needle of needles) if (content.includes(needle.bytes)) finds.add(`${needle.name} in ${file}`);
  }
  return [...finds];
}

/** Searches a value as JSON has it, errors among it by their words. */
export function scanValue(what: string, value: unknown, canaries: readonly Canary[]): readonly string[] {
  const text = JSON.stringify([value], (_, part: unknown) =>
    part instanceof Error ? { message: part.message, stack: part.stack, cause: part.cause } : part,
  );
  // As JSON escapes it.
  const found = canaries.filter((canary) => text.includes(JSON.stringify(canary.text).slice(1, -1)));
  return found.map(({ name }) => `${name} in ${what}`);
}
