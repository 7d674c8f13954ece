import { fork, type ChildProcess } from "node:child_process";
import * as http from "node:http";
import type * as vscode from "vscode";
import { PacSpaceError } from "../../core/errors";
import { arrayField, numberField, recordOf, textField } from "../../core/model/fields";
import type { LocalSeed, RunningLocal } from "./localPacSpace";

const startLimitMs = 30_000;
const stopLimitMs = 5_000;

/** Whether the server at a port of this machine is Local PacSpace: it names itself in every answer. */
export function isLocalPacSpace(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const request = http.get({ host: "127.0.0.1", port, path: "/", timeout: 2_000 }, (answer) => {
      answer.resume();
      resolve(/^Local-PacSpace\b/.test(String(answer.headers.server ?? "")));
    });
    request.on("timeout", () => request.destroy());
    request.on("error", () => resolve(false));
  });
}

export interface LocalProcessOptions {
  /** 0 means any. */
  readonly port: number;
  readonly seed: LocalSeed;
  /** Absolute. */
  readonly dataDir: string;
}

/** The process of Local PacSpace. It ends when its channel to this one is closed, as it is when this one ends. */
export class LocalProcess {
  readonly #child: ChildProcess;
  /** Settles when the process has ended, or could not be made. */
  readonly ended: Promise<void>;

  constructor(script: string, log: vscode.LogOutputChannel) {
    const child = fork(script, [], {
      execPath: process.execPath,
      execArgv: [],
      env: { ...process.env, ELECTRON_RUN_AS_NODE: "1" },
      stdio: ["ignore", "pipe", "pipe", "ipc"],
      serialization: "json",
    });
    child.stderr?.on("data", (chunk: Buffer) => log.warn(`local: ${chunk.toString().trimEnd()}`));
    child.stdout?.resume();
    this.#child = child;
    this.ended = new Promise((resolve) => {
      child.once("exit", () => resolve());
      child.once("error", () => resolve());
    });
  }

  /**
   * Has the server listen; the process is ended when it can't.
   * @throws PacSpaceError `conflict`, `network` or `timeout`, with the reason
   */
  async start(options: LocalProcessOptions): Promise<RunningLocal> {
    const child = this.#child;
    let timer: NodeJS.Timeout | undefined;
    try {
      return await new Promise<RunningLocal>((resolve, reject) => {
        const fail = (kind: "network" | "timeout", words: string): void => reject(new PacSpaceError(kind, words));
        timer = setTimeout(
          () => fail("timeout", `Local PacSpace did not start within ${startLimitMs / 1_000} seconds.`),
          startLimitMs,
        );
        child.once("error", ({ message }) => fail("network", `Local PacSpace can't be started: ${message}`));
        child.once("exit", (code) => fail("network", `Local PacSpace ended as it started (status ${code ?? "none"}).`));
        child.once("message", (message) => {
          const started = readStarted(message);
          if (started instanceof PacSpaceError) reject(started);
          else resolve(started);
        });
        child.send({ type: "start", options });
      });
    } catch (error) {
      void this.end();
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Tells the process to end, and waits for nothing. */
  disconnect(): void {
    if (this.#child.connected) this.#child.disconnect();
  }

  /** Ends the process; one that doesn't end by itself is killed. */
  async end(): Promise<void> {
    this.disconnect();
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), stopLimitMs);
    await this.ended;
    clearTimeout(timer);
  }
}

function readStarted(message: unknown): RunningLocal | PacSpaceError {
  const fields = recordOf(message);
  const baseUrl = textField(fields, "baseUrl");
  const port = numberField(fields, "port");
  if (fields.type !== "started" || baseUrl === undefined || port === undefined) {
    const code = textField(fields, "code");
    const words = textField(fields, "message") ?? "Local PacSpace did not say why it can't start.";
    const help = code === "EADDRINUSE" ? ' Choose another port by the setting "pacspace.local.port".' : "";
    return new PacSpaceError("conflict", words + help, { code });
  }
  const seededSecrets = (arrayField(fields, "seededSecrets") ?? []).flatMap((row) => {
    const id = textField(recordOf(row), "id");
    const secret = textField(recordOf(row), "secret");
    return id === undefined || secret === undefined ? [] : [{ id, secret }];
  });
  return { baseUrl, port, seededSecrets };
}
