import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import * as path from "node:path";
import type { SecretBackend } from "../../../../src/state/secretBackend";

/** As long as VS Code's own storage takes to write, in milliseconds. */
const writeMs = 10;

/** Secrets in files, one each, so that they outlive the process that wrote them. */
export class FileSecrets implements SecretBackend {
  constructor(private readonly folder: string) {}

  #file(key: string): string {
    return path.join(this.folder, encodeURIComponent(key));
  }

  async get(key: string): Promise<string | undefined> {
    return readFile(this.#file(key), "utf8").catch(() => undefined);
  }

  async store(key: string, value: string): Promise<void> {
    await mkdir(this.folder, { recursive: true });
    await new Promise((resolve) => setTimeout(resolve, writeMs));
    const partial = `${this.#file(key)}.${process.pid}.partial`;
    await writeFile(partial, value);
    await rename(partial, this.#file(key));
  }

  async keys(): Promise<readonly string[]> {
    const names = await readdir(this.folder).catch(() => []);
    return names.filter((name) => !name.endsWith(".partial")).map(decodeURIComponent);
  }

  async delete(key: string): Promise<void> {
    await rm(this.#file(key), { force: true });
  }
}
