import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { takesConnections } from "../../src/send/reach";

const startsWithinMs = 60_000;
const tries = 3;

/** How a program is started on a port. */
export interface Start {
  readonly command: string;
  readonly args: (port: string) => readonly string[];
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** A program that listens. */
export interface Program {
  readonly url: string;
  /** All it has printed. */
  printed(): string;
  stop(): Promise<void>;
}

/** A port that was free a moment ago: not every program can tell which one it took when asked for any. */
async function freePort(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return String(port);
}

/** Starts a program and waits until it listens. */
export async function startProgram(start: Start, secret: string): Promise<Program> {
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort();
    const child = spawn(start.command, start.args(port), {
      cwd: start.cwd,
      env: { ...process.env, PORT: port, PACSPACE_WEBHOOK_SECRET: secret, ...start.env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const state = { over: false };
    const ended = new Promise<void>((resolve) => {
      const end = (): void => {
        state.over = true;
        resolve();
      };
      child.once("error", end).once("exit", end);
    });
    let text = "";
    child.stdout.on("data", (chunk: Buffer) => (text += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (text += chunk.toString()));
    const stop = async (): Promise<void> => {
      child.kill("SIGKILL");
      await ended;
    };
    const url = `http://127.0.0.1:${port}/webhooks/pacspace`;
    const deadline = Date.now() + startsWithinMs;
    while (!state.over && Date.now() < deadline) {
      if (await takesConnections(new URL(url))) return { url, printed: () => text, stop };
      await sleep(50);
    }
    await stop();
    if (attempt < tries && /in use|EADDRINUSE/i.test(text)) continue;
    throw new Error(`${start.command} did not listen. It printed:\n${text}`);
  }
}
