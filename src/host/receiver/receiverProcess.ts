import { readdir } from "node:fs/promises";
import { createBirpc, type BirpcReturn } from "birpc";
import { PacSpaceError } from "../../core/errors";
import type { CaptureForward } from "../../core/model/capture";
import { CaptureMirror } from "../../receiver/captureMirror";
import type { Arrived } from "../../receiver/captureServer";
import { lineOver, type ReceiverCalls, type ReceiverSettings, type WindowCalls } from "../../receiver/receiverCalls";
import { OwnProcess } from "../platform/ownProcess";

/**
 * MB: a third of what V8 takes for new objects, and the most for the others. Left to itself V8 takes 250 MB and more for
 * a burst, of which it needs a few.
 */
const flags = ["--max-semi-space-size=8", "--max-old-space-size=1024"];

export interface ReceiverProcessOptions {
  /** The bundle of the receiver's `main.ts`. */
  readonly script: string;
  /** Where captures are kept for the next window; none keeps them in memory. */
  readonly directory?: string;
  /** Asked when the process starts; call `settingsChanged` when they are not what they were. */
  readonly settings: () => ReceiverSettings;
  /** All stored secrets; asked for once, and again after `keysChanged`. */
  readonly keys: WindowCalls["keys"];
  readonly log: WindowCalls["log"];
  /** The process broke down, and nothing listens any more; it starts again when it is asked for something. */
  readonly brokeDown: (error: Error) => void;
}

type Calls = BirpcReturn<ReceiverCalls, WindowCalls>;

interface Running {
  readonly process: OwnProcess;
  readonly calls: Calls;
}

/** The receiver's process, seen from the extension host: what it keeps, and what it can be asked for. */
export class ReceiverProcess {
  readonly captures = new CaptureMirror();
  #running: Promise<Running> | undefined;
  #isClosed = false;

  private constructor(private readonly options: ReceiverProcessOptions) {}

  /**
   * Starts the process where there are captures to read, which are in `captures` when this settles; else it starts when
   * it is needed.
   * @throws Error when the directory can't be opened
   */
  static async open(options: ReceiverProcessOptions): Promise<ReceiverProcess> {
    const receiver = new ReceiverProcess(options);
    const { directory } = options;
    const kept = directory === undefined ? [] : await readdir(directory).catch(() => []);
    if (kept.length > 0) await receiver.#needed();
    return receiver;
  }

  /**
   * Starts to listen, on 127.0.0.1 alone.
   * @param port 0: any free one
   * @throws PacSpaceError as `Receiver.listen`
   */
  async listen(port: number, forwardTo: string | undefined): Promise<ListeningReceiver> {
    const { calls } = await this.#needed();
    return new ListeningReceiver(await calls.listen(port, forwardTo), forwardTo, calls);
  }

  /** To be called when stored secrets changed; see `Receiver.keysChanged`. */
  keysChanged(): void {
    void this.#running?.then(({ calls }) => calls.keysChanged()).catch(ignored);
  }

  /** To be called when `settings` would answer something else than before. */
  settingsChanged(): void {
    void this.#running?.then(({ calls }) => calls.setSettings(this.options.settings())).catch(ignored);
  }

  /** Forgets captures; ids that are not known are left alone. Settles when they are gone from `captures` and the disk. */
  async remove(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    const { calls } = await this.#needed();
    await calls.remove(ids);
  }

  /** Forgets everything, the count of dropped ones too. Settles when it is gone from `captures` and the disk. */
  async clear(): Promise<void> {
    if (this.#running === undefined && this.captures.count === 0) return;
    const { calls } = await this.#needed();
    await calls.clear();
  }

  /** Settles when all that came before is in `captures`. */
  async settle(): Promise<void> {
    const running = await this.#running?.catch(ignored);
    await running?.calls.settle();
  }

  /** Stops listening, writes to disk what is not there yet, and ends the process. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const running = await this.#running?.catch(ignored);
    // It writes when its channel is closed, whoever closes it.
    await running?.process.end();
  }

  #needed(): Promise<Running> {
    if (this.#isClosed) throw new PacSpaceError("conflict", "The receiver was closed with its window.");
    const running = (this.#running ??= this.#start(() => {
      if (this.#running === running) this.#running = undefined;
    }));
    return running;
  }

  async #start(forget: () => void): Promise<Running> {
    const { directory, keys, log, script, settings } = this.options;
    const process = new OwnProcess({ script, flags, serialization: "advanced", warn: (text) => log("warn", text) });
    const calls: Calls = createBirpc<ReceiverCalls, WindowCalls>(
      {
        keys,
        log,
        news: (news) => {
          this.captures.apply(news);
          return Promise.resolve();
        },
      },
      lineOver(process.child),
    );
    log("debug", `process ${process.child.pid ?? "none"} is started`);
    let isOpen = false;
    void process.ended.then(() => {
      forget();
      const { exitCode, signalCode } = process.child;
      const words = `The receiver's process ended by itself (${signalCode ?? exitCode ?? "it did not start"}).`;
      const error = new PacSpaceError("server", `${words} Start the receiver again.`);
      calls.$close(error);
      if (isOpen && !this.#isClosed) this.options.brokeDown(error);
    });
    this.captures.reset();
    try {
      await calls.open(directory, settings());
      isOpen = true;
      return { process, calls };
    } catch (error) {
      await process.end();
      throw error;
    }
  }
}

let tickets = 0;

/** The receiver while it listens. */
export class ListeningReceiver {
  #forwardTo: string | undefined;

  constructor(
    readonly port: number,
    forwardTo: string | undefined,
    private readonly calls: Calls,
  ) {
    this.#forwardTo = forwardTo;
  }

  /** `http://127.0.0.1:port`, without a slash at its end. */
  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Where captures are handed on to, on this machine; undefined for nowhere. */
  get forwardTo(): string | undefined {
    return this.#forwardTo;
  }

  /** Hands captures on to another address. Throws PacSpaceError `invalid` as `Receiver.forwardTo`. */
  async setForwardTo(url: string | undefined): Promise<void> {
    await this.calls.setForwardTo(url);
    this.#forwardTo = url;
  }

  /**
   * See `Receiver.take`.
   * @returns what came of handing it on; undefined where it is handed on to nobody
   */
  take(request: Arrived, source: "polled", signal: AbortSignal): Promise<CaptureForward | undefined> {
    return this.#cancellable(signal, (ticket) => this.calls.take(request, source, ticket));
  }

  /** See `Receiver.forward`; throws as it does. */
  forward(id: string, signal: AbortSignal): Promise<CaptureForward> {
    return this.#cancellable(signal, (ticket) => this.calls.forward(id, ticket));
  }

  /** Stops listening; see `Receiver.close`. One that broke down is closed already. */
  async close(): Promise<void> {
    await this.calls.stop().catch(ignored);
  }

  async #cancellable<T>(signal: AbortSignal, call: (ticket: number) => Promise<T>): Promise<T> {
    if (this.calls.$closed) throw new PacSpaceError("conflict", "The receiver does not run any more. Start it again.");
    const ticket = tickets++;
    const running = call(ticket);
    const cancel = (): void => void this.calls.cancel(ticket).catch(ignored);
    if (signal.aborted) cancel();
    signal.addEventListener("abort", cancel, { once: true });
    try {
      return await running;
    } finally {
      signal.removeEventListener("abort", cancel);
    }
  }
}

/** That it broke down was said to `brokeDown`. */
function ignored(): undefined {
  return undefined;
}
