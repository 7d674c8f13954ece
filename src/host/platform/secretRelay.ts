import { createHash, randomBytes } from "node:crypto";
import { lstat, mkdir, readdir, rm } from "node:fs/promises";
import * as net from "node:net";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { json } from "node:stream/consumers";
import { recordOf, textField } from "../../core/model/fields";
import type { SecretStore } from "../../state/indexedSecrets";
import { Disposable } from "./lifecycle";

/** How long another window may take, in milliseconds: one that doesn't answer is reloaded or gone. */
const patienceMs = 1_000;

/** A place for sockets that no other user of the machine can reach; undefined where there is none. */
async function privateFolder(scope: string): Promise<string | undefined> {
  // A socket's path has room for a hundred characters.
  const name = createHash("sha256").update(`${process.getuid?.()}|${scope}`).digest("hex").slice(0, 16);
  const folder = path.join(tmpdir(), `pacspace-${name}`);
  await mkdir(folder, { mode: 0o700 }).catch(() => undefined);
  const entry = await lstat(folder).catch(() => undefined);
  const isOurs = entry?.isDirectory() === true && entry.uid === process.getuid?.() && (entry.mode & 0o077) === 0;
  return isOurs ? folder : undefined;
}

/**
 * SecretStorage of a VS Code that a browser shows. Each window has a copy of it all there, loaded once, and writes the
 * whole copy whenever it changes: what another window stored meanwhile would be lost. So each window tells the others of
 * its changes, by sockets of this user's own; nothing is written to a file.
 */
export class SecretRelay extends Disposable implements SecretStore {
  readonly #folder: Promise<string | undefined>;
  readonly #name = `${randomBytes(8).toString("hex")}.sock`;
  readonly #server: net.Server;

  /** @param scope what only windows that share their secrets have in common */
  constructor(
    private readonly storage: SecretStore,
    scope: string,
  ) {
    super();
    this.#server = net.createServer({ allowHalfOpen: true }, (socket) => void this.#take(socket));
    this.#server.on("error", () => undefined);
    this.register({ dispose: () => this.#server.close() });
    this.#folder = privateFolder(scope);
    void this.#folder.then((folder) => {
      if (folder !== undefined && !this.isDisposed) this.#server.listen(path.join(folder, this.#name));
    });
  }

  get(key: string): PromiseLike<string | undefined> {
    return this.storage.get(key);
  }

  async keys(): Promise<readonly string[]> {
    return (await this.storage.keys?.()) ?? [];
  }

  async store(key: string, value: string): Promise<void> {
    await this.storage.store(key, value);
    await this.#tell({ key, value });
  }

  async delete(key: string): Promise<void> {
    await this.storage.delete(key);
    await this.#tell({ key });
  }

  async #take(socket: net.Socket): Promise<void> {
    socket.on("error", () => undefined);
    try {
      const fields = recordOf(await json(socket));
      const key = textField(fields, "key");
      if (key !== undefined && typeof fields.value === "string") await this.storage.store(key, fields.value);
      else if (key !== undefined) await this.storage.delete(key);
      socket.end();
    } catch {
      socket.destroy();
    }
  }

  /** Settles when the other windows have it too. */
  async #tell(change: { readonly key: string; readonly value?: string }): Promise<void> {
    const folder = await this.#folder;
    if (folder === undefined) return;
    const names = await readdir(folder).catch(() => []);
    const others = names.filter((name) => name !== this.#name);
    await Promise.all(others.map((name) => send(path.join(folder, name), JSON.stringify(change))));
  }
}

/** Sends a message to another window; the socket of one that is gone is taken away. */
function send(socketPath: string, message: string): Promise<void> {
  return new Promise((resolve) => {
    const socket = net.connect({ path: socketPath, allowHalfOpen: true });
    socket.setTimeout(patienceMs, () => socket.destroy());
    socket.on("connect", () => socket.end(message));
    socket.on("error", ({ code }: NodeJS.ErrnoException) => {
      if (code === "ECONNREFUSED") void rm(socketPath, { force: true });
    });
    socket.on("end", () => socket.destroy());
    socket.on("close", () => resolve());
    socket.resume();
  });
}
