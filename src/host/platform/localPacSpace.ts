import * as path from "node:path";
import type * as vscode from "vscode";
import { PacSpaceError } from "../../core/errors";
import { numberField, recordOf } from "../../core/model/fields";
import { Emitter } from "../../core/emitter";
import { Disposable } from "./lifecycle";
import type { LocalProcess } from "./localProcess";

export type LocalSeed = "demo" | "empty";

export interface RunningLocal {
  readonly baseUrl: string;
  readonly port: number;
  /** Given once, by the start that made the demo account. */
  readonly seededSecrets: readonly { readonly id: string; readonly secret: string }[];
}

const rememberedKey = "pacspace.local";

/** Local PacSpace as a process of its own, which ends with this window. */
export class LocalPacSpace extends Disposable {
  readonly #changed = new Emitter<boolean>();
  /** Fires when it started (true) or ended (false). */
  readonly onDidChangeRunning = this.#changed.event;
  #process: LocalProcess | undefined;
  #running: RunningLocal | undefined;
  #starting: Promise<RunningLocal> | undefined;

  constructor(
    private readonly script: string,
    private readonly dataDirectory: string,
    private readonly memento: vscode.Memento,
    private readonly log: vscode.LogOutputChannel,
  ) {
    super();
    this.register({ dispose: () => this.#process?.disconnect() });
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
   * @param seed what one that is started now begins with; one that runs is taken as it is
   * @throws PacSpaceError `conflict` when the port is taken by something else, or it runs at another port
   */
  start(port: number, seed: LocalSeed): Promise<RunningLocal> {
    this.#starting ??= this.#start(port, seed).finally(() => {
      this.#starting = undefined;
    });
    return this.#starting;
  }

  async #start(port: number, seed: LocalSeed): Promise<RunningLocal> {
    const { isLocalPacSpace, LocalProcess } = await import("./localProcess");
    const known = this.#running;
    if (known !== undefined) {
      // One of another window may have ended with that window, and nobody told this one.
      if (this.#process !== undefined || (await isLocalPacSpace(known.port))) {
        if (port === 0 || known.port === port) return { ...known, seededSecrets: [] };
        throw new PacSpaceError("conflict", `Local PacSpace runs at port ${known.port} already. Stop it first.`);
      }
      this.#become(undefined);
    }
    let running: RunningLocal;
    if (port !== 0 && (await isLocalPacSpace(port))) {
      this.log.info(`Local PacSpace runs at port ${port} already: attached`);
      running = { baseUrl: `http://127.0.0.1:${port}`, port, seededSecrets: [] };
      this.#become(running);
    } else running = await this.#startProcess(new LocalProcess(this.script, this.log), port, seed);
    await this.memento.update(rememberedKey, { port: running.port, seed });
    return running;
  }

  async #startProcess(local: LocalProcess, port: number, seed: LocalSeed): Promise<RunningLocal> {
    this.#process = local;
    if (this.isDisposed) local.disconnect();
    try {
      const running = await local.start({ port, seed, dataDir: path.join(this.dataDirectory, seed) });
      void local.ended.then(() => this.#ended(local));
      this.#become(running);
      return running;
    } catch (error) {
      this.#process = undefined;
      throw error;
    }
  }

  #become(running: RunningLocal | undefined): void {
    this.#running = running;
    this.#changed.fire(running !== undefined);
  }

  #ended(local: LocalProcess): void {
    if (this.#process !== local) return;
    this.#process = undefined;
    this.#running = undefined;
    if (!this.isDisposed) this.#changed.fire(false);
  }

  /**
   * Ends the server that this window started; one that somebody else started is left to them.
   * @returns what came of it; undefined where there was none
   */
  async stop(): Promise<"ended" | "left" | undefined> {
    await this.#starting?.catch(() => undefined);
    await this.memento.update(rememberedKey, undefined);
    const local = this.#process;
    if (local === undefined) {
      if (this.#running === undefined) return undefined;
      this.#become(undefined);
      return "left";
    }
    await local.end();
    this.#ended(local);
    return "ended";
  }
}
