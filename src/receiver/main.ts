import { createBirpc } from "birpc";
import type { CaptureForward } from "../core/model/capture";
import { CaptureFeed } from "./captureFeed";
import type { Arrived } from "./captureServer";
import { CaptureStore } from "./captureStore";
import { Receiver } from "./receiver";
import { lineOver, type ReceiverCalls, type ReceiverSettings, type WindowCalls } from "./receiverCalls";

interface Opened {
  readonly store: CaptureStore;
  readonly feed: CaptureFeed;
}

/** How long whoever ends may take for what is under way. */
const endLimitMs = 5_000;

/** The receiver and its captures, in a process of their own: what a burst costs is nothing to the extension host. */
class ReceiverService implements ReceiverCalls {
  readonly #window: WindowCalls;
  readonly #hangUp: () => void;
  readonly #cancels = new Map<number, AbortController>();
  #opened: Opened | undefined;
  #settings: ReceiverSettings | undefined;
  #receiver: Receiver | undefined;

  constructor(channel: Parameters<typeof lineOver>[0]) {
    const window = createBirpc<WindowCalls, ReceiverCalls>(this, {
      ...lineOver(channel),
      bind: "functions",
      resolver: (_name, call) => this.#newsFirst(call),
    });
    this.#hangUp = () => window.$close();
    this.#window = {
      keys: () => window.keys(),
      news: (news) => window.news(news),
      // Whoever is gone reads no log.
      log: (level, line) => void window.log.asEvent(level, line).catch(() => undefined),
    };
  }

  async open(directory: string | undefined, settings: ReceiverSettings): Promise<void> {
    this.#settings = settings;
    const store = await CaptureStore.open({
      ...(directory !== undefined && { directory }),
      limits: () => this.#current.limits,
      log: (line) => this.#window.log("warn", line),
    });
    this.#opened = { store, feed: new CaptureFeed(store, (news) => this.#window.news(news)) };
  }

  setSettings(settings: ReceiverSettings): void {
    this.#settings = settings;
  }

  keysChanged(): void {
    this.#receiver?.keysChanged();
  }

  async listen(port: number, forwardTo: string | undefined): Promise<number> {
    this.#receiver = await Receiver.listen({
      port,
      forwardTo,
      store: this.#store,
      allowedHosts: () => this.#current.allowedHosts,
      keys: () => this.#window.keys(),
      toleranceSeconds: () => this.#current.toleranceSeconds,
      forwardTimeoutMs: () => this.#current.forwardTimeoutMs,
      log: (line) => this.#window.log("debug", line),
    });
    return this.#receiver.port;
  }

  setForwardTo(url: string | undefined): void {
    this.#listening.forwardTo = url;
  }

  async take(request: Arrived, source: "polled", ticket: number): Promise<CaptureForward | undefined> {
    const capture = await this.#cancellable(ticket, (signal) => this.#listening.take(request, source, signal));
    return capture.forward;
  }

  forward(id: string, ticket: number): Promise<CaptureForward> {
    return this.#cancellable(ticket, (signal) => this.#listening.forward(id, signal));
  }

  cancel(ticket: number): void {
    this.#cancels.get(ticket)?.abort();
  }

  async remove(ids: readonly string[]): Promise<void> {
    this.#store.remove(ids);
    await this.#store.flush();
  }

  async clear(): Promise<void> {
    this.#store.clear();
    await this.#store.flush();
  }

  settle(): void {
    // The news that come before the answer are all that is asked for.
  }

  async stop(): Promise<void> {
    const receiver = this.#receiver;
    this.#receiver = undefined;
    await receiver?.close();
  }

  /** Stops listening, and writes to disk what is not there yet; nobody is there any more who could answer. */
  async close(): Promise<void> {
    this.#hangUp();
    // At once what there is; then what comes of breaking off.
    await Promise.all([this.#opened?.store.flush(), this.stop()]);
    await this.#opened?.store.close();
  }

  get #current(): ReceiverSettings {
    return needed(this.#settings);
  }

  get #store(): CaptureStore {
    return needed(this.#opened).store;
  }

  get #listening(): Receiver {
    return needed(this.#receiver);
  }

  #newsFirst(call: (...args: unknown[]) => unknown): (...args: unknown[]) => Promise<unknown> {
    return async (...args) => {
      try {
        return await call.apply(this, args);
      } finally {
        this.#opened?.feed.flush();
      }
    };
  }

  async #cancellable<T>(ticket: number, run: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const cancel = new AbortController();
    this.#cancels.set(ticket, cancel);
    try {
      return await run(cancel.signal);
    } finally {
      this.#cancels.delete(ticket);
    }
  }
}

/** The other side keeps to the order: it opens, then listens, then asks for the rest. */
function needed<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("The receiver was asked for something before it was there.");
  return value;
}

/** Without the extension host there is nobody left to work for; what came in is kept all the same. */
if (process.send !== undefined) {
  const service = new ReceiverService({
    send: (message, done) => process.send?.(message, undefined, undefined, done),
    on: (event, listener) => process.on(event, listener),
  });
  process.once("disconnect", () => {
    setTimeout(() => process.exit(1), endLimitMs);
    void service.close().finally(() => process.exit());
  });
}
