import { fork, type ChildProcess } from "node:child_process";
import * as http from "node:http";
import * as path from "node:path";
import type * as vscode from "vscode";
import { PacSpaceError } from "../../core/errors";
import { arrayField, numberField, recordOf, textField } from "../../core/model/fields";
import { Emitter } from "../../core/emitter";
import { Disposable } from "./lifecycle";

export type LocalSeed = "demo" | "empty";

export interface RunningLocal {
  readonly baseUrl: string;
  readonly port: number;
  /** Given once, by the start that made the demo account. */
  readonly seededSecrets: readonly { readonly id: string; readonly secret: string }[];
}

const rememberedKey = "pacspace.local";
const startLimitMs = 30_000;
const stopLimitMs = 5_000;

/** Whether the server at a port of this machine is Local PacSpace: it names itself in every answer. */
function isLocalPacSpace(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const request = http.get({ host: "127.0.0.1", port, path: "/", timeout: 2_000 }, (answer) => {
      answer.resume();
      resolve(/^Local-PacSpace\b/.test(String(answer.headers.server ?? "")));
    });
    request.on("timeout", () => request.destroy());
    request.on("error", () => resolve(false));
  });
}

/** Local PacSpace as a process of its own, which ends with this window. */
export class LocalPacSpace extends Disposable {
  readonly #changed = this.register({ emitter: new Emitter<boolean>(), dispose: () => undefined }).emitter;
  /** Fires when it started (true) or ended (false). */
  readonly onDidChangeRunning = this.#changed.event;
  #child: ChildProcess | undefined;
  #running: RunningLocal | undefined;
  #starting: Promise<RunningLocal> | undefined;

  constructor(
    private readonly script: string,
    private readonly dataDirectory: string,
    private readonly memento: vscode.Memento,
    private readonly log: vscode.LogOutputChannel,
  ) {
    super();
    this.register({ dispose: () => this.#child?.disconnect() });
  }

  /** The one that this window started or attached to. */
  get running(): RunningLocal | undefined {
    return this.#running;
  }

  /** How it ran when this window was last open and did not stop it: a reload brings it back. */
  get wanted(): { readonly port: number; readonly seed: LocalSeed } | undefined {
    const fields = recordOf(this.memento.get<unknown>(rememberedKey));
    const port = numberField(fields, "port");
    if (port === undefined) return undefined;
    return { port, seed: fields.seed === "empty" ? "empty" : "demo" };
  }

  /**
   * Starts the server, or attaches to one that runs at the port already.
   * @throws PacSpaceError `conflict` when the port is taken by something else, or it runs at another port
   */
  start(port: number, seed: LocalSeed): Promise<RunningLocal> {
    if (this.#running !== undefined) {
      if (port === 0 || this.#running.port === port) return Promise.resolve({ ...this.#running, seededSecrets: [] });
      throw new PacSpaceError("conflict", `Local PacSpace runs at port ${this.#running.port} already. Stop it first.`);
    }
    this.#starting ??= this.#startOrAttach(port, seed)
      .then(async (running) => {
        await this.memento.update(rememberedKey, { port: running.port, seed });
        return running;
      })
      .finally(() => {
        this.#starting = undefined;
      });
    return this.#starting;
  }

  async #startOrAttach(port: number, seed: LocalSeed): Promise<RunningLocal> {
    if (port !== 0 && (await isLocalPacSpace(port))) {
      this.log.info(`Local PacSpace runs at port ${port} already: attached`);
      return this.#become({ baseUrl: `http://127.0.0.1:${port}`, port, seededSecrets: [] });
    }
    const child = fork(this.script, [], {
      execPath: process.execPath,
      execArgv: [],
      env: { ...process.env, ELECTRON_RUN_AS_NODE: "1" },
      stdio: ["ignore", "pipe", "pipe", "ipc"],
      serialization: "json",
    });
    this.#child = child;
    child.stderr?.on("data", (chunk: Buffer) => this.log.warn(`local: ${chunk.toString().trimEnd()}`));
    child.stdout?.resume();
    const started = await new Promise<RunningLocal>((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(new PacSpaceError("timeout", `Local PacSpace did not start within ${startLimitMs / 1_000} seconds.`));
      }, startLimitMs);
      const settle = (act: () => void) => (): void => {
        clearTimeout(timer);
        act();
      };
      child.once("error", (error) =>
        settle(() => reject(new PacSpaceError("network", `Local PacSpace can't be started: ${error.message}`)))(),
      );
      child.once("exit", (code) =>
        settle(() =>
          reject(new PacSpaceError("network", `Local PacSpace ended as it started (status ${code ?? "none"}).`)),
        )(),
      );
      child.once("message", (message) =>
        settle(() => {
          const started = readStarted(message);
          if (started instanceof PacSpaceError) reject(started);
          else resolve(started);
        })(),
      );
      const options = { port, seed, dataDir: path.join(this.dataDirectory, seed) };
      child.send({ type: "start", options });
    }).catch((error: unknown) => {
      this.#end(child);
      throw error;
    });
    child.once("exit", () => this.#ended(child));
    return this.#become(started);
  }

  #become(running: RunningLocal): RunningLocal {
    this.#running = running;
    this.#changed.fire(true);
    return running;
  }

  #ended(child: ChildProcess): void {
    if (this.#child !== child) return;
    this.#child = undefined;
    this.#running = undefined;
    if (!this.isDisposed) this.#changed.fire(false);
  }

  #end(child: ChildProcess): void {
    if (child.connected) child.disconnect();
    const timer = setTimeout(() => child.kill("SIGKILL"), stopLimitMs);
    child.once("exit", () => clearTimeout(timer));
    if (child.exitCode !== null || child.signalCode !== null) clearTimeout(timer);
  }

  /**
   * Ends the server that this window started; one that another window owns is left to it.
   * @returns whether there was one to end or to leave
   */
  async stop(): Promise<boolean> {
    await this.#starting?.catch(() => undefined);
    await this.memento.update(rememberedKey, undefined);
    const child = this.#child;
    if (child === undefined) {
      const attached = this.#running !== undefined;
      this.#running = undefined;
      if (attached) this.#changed.fire(false);
      return attached;
    }
    const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
    this.#end(child);
    await gone;
    this.#ended(child);
    return true;
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
