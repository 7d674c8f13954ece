import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import * as path from "node:path";
import * as vscode from "vscode";

const extensionId = "pacspace-webhooks.pacspace-webhooks";

/** Activates the extension, as its first command would. */
export async function activated(): Promise<vscode.Extension<unknown>> {
  const extension = vscode.extensions.getExtension(extensionId);
  assert.ok(extension, `${extensionId} is not installed`);
  await extension.activate();
  return extension;
}

/** Calls a command by argument, as another extension would. */
export async function call<T>(command: string, argument: object = {}): Promise<T> {
  return vscode.commands.executeCommand<T>(`pacspace.${command}`, argument);
}

/** The message of the error that a command throws. */
export async function failure(command: string, argument: object = {}): Promise<string> {
  try {
    await call(command, argument);
  } catch (error) {
    assert.ok(error instanceof Error);
    return error.message;
  }
  return assert.fail(`pacspace.${command} did not fail`);
}

/** Starts Local PacSpace at any free port, switched to and signed in. */
export function startLocal(seed: "demo" | "empty"): Promise<{ baseUrl: string; environment: string }> {
  return call("startLocal", { port: 0, seed });
}

/** Where the extension keeps its files for all workspaces. */
export async function extensionFolder(): Promise<string> {
  const stateDir = process.env.PACSPACE_STATE_DIR ?? "";
  const ending = path.join("globalStorage", extensionId);
  const found = (await readdir(stateDir, { recursive: true })).find((name) => name.endsWith(ending));
  assert.ok(found, "the extension has written nothing yet");
  return path.join(stateDir, found);
}

/** A memory that ends with the test. */
class Memory implements vscode.Memento {
  readonly #entries = new Map<string, unknown>();

  keys(): readonly string[] {
    return [...this.#entries.keys()];
  }

  get<T>(key: string, fallback?: T): T | undefined {
    return this.#entries.has(key) ? (this.#entries.get(key) as T) : fallback;
  }

  update(key: string, value: unknown): Promise<void> {
    this.#entries.set(key, value);
    return Promise.resolve();
  }
}

/** What a panel remembers, of its own for each test. */
export function mementos(): { readonly workspaceState: vscode.Memento; readonly globalState: vscode.Memento } {
  return { workspaceState: new Memory(), globalState: new Memory() };
}

export interface Received {
  readonly headers: IncomingMessage["headers"];
  readonly body: Buffer;
}

/** An endpoint on this machine that answers as told and keeps what it got. */
export class Endpoint {
  readonly received: Received[] = [];
  status = 200;
  #server: Server | undefined;

  async listen(): Promise<string> {
    const server = (this.#server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        this.received.push({ headers: request.headers, body: Buffer.concat(chunks) });
        response.writeHead(this.status, { "content-type": "text/plain" }).end("seen");
      });
    }));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks/pacspace`;
  }

  async close(): Promise<void> {
    const server = this.#server;
    await new Promise<void>((resolve) => {
      if (server === undefined) resolve();
      else server.close(() => resolve());
      server?.closeAllConnections();
    });
  }
}

/** Waits until something holds, at most 20 s unless told otherwise. */
export async function until(what: string, holds: () => boolean | Promise<boolean>, limitMs = 20_000): Promise<void> {
  const end = Date.now() + limitMs;
  while (!(await holds())) {
    if (Date.now() > end) assert.fail(`${what} did not come about within ${limitMs / 1_000} s`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
