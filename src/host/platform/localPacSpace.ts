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
    const { isLocalPacSpace, LocalProcess } = await import("./localProcess");
    if (port !== 0 && (await isLocalPacSpace(port))) {
      this.log.info(`Local PacSpace runs at port ${port} already: attached`);
      return this.#become({ baseUrl: `http://127.0.0.1:${port}`, port, seededSecrets: [] });
    }
    const local = (this.#process = new LocalProcess(this.script, this.log));
    if (this.isDisposed) local.disconnect();
    try {
      const running = await local.start({ port, seed, dataDir: path.join(this.dataDirectory, seed) });
      void local.ended.then(() => this.#ended(local));
      return this.#become(running);
    } catch (error) {
      this.#process = undefined;
      throw error;
    }
  }

  #become(running: RunningLocal): RunningLocal {
    this.#running = running;
    this.#changed.fire(true);
    return running;
  }

  #ended(local: LocalProcess): void {
    if (this.#process !== local) return;
    this.#process = undefined;
    this.#running = undefined;
    if (!this.isDisposed) this.#changed.fire(false);
  }

  /**
   * Ends the server that this window started; one that another window owns is left to it.
   * @returns whether there was one to end or to leave
   */
  async stop(): Promise<boolean> {
    await this.#starting?.catch(() => undefined);
    await this.memento.update(rememberedKey, undefined);
    const local = this.#process;
    if (local === undefined) {
      const attached = this.#running !== undefined;
      this.#running = undefined;
      if (attached) this.#changed.fire(false);
      return attached;
    }
    await local.end();
    this.#ended(local);
    return true;
  }
}
