import * as vscode from "vscode";
import { PacSpaceError } from "../../core/errors";
import type { Capture, CaptureForward } from "../../core/model/capture";
import { captureDelivery } from "../../core/model/captureDelivery";
import type { Delivery } from "../../core/model/delivery";
import type { VerificationKey } from "../../core/signature/verify";
import { CaptureStore } from "../../receiver/captureStore";
import { usualTimeoutMs } from "../../receiver/forwarder";
import { Receiver } from "../../receiver/receiver";
import type { Account } from "../../state/account";
import type { Debugging } from "../platform/debugging";
import { Disposable } from "../platform/lifecycle";
import { settings } from "../platform/settings";
import type { ReceiverState } from "../tree/nodes";
import { externalUrl } from "./externalUrl";
import { checkForwardUrl } from "./forwardUrl";
import { ownFolder } from "./ownFolder";
import { Polling } from "./polling";
import { presentCaptureRow } from "./presentCapture";

/** How the receiver is wanted: kept, so that a reload brings it back. */
export interface WantedReceiver {
  readonly port: number;
  readonly forwardTo?: string | undefined;
  /** The storage key of the environment that is polled, too. */
  readonly polling?: string | undefined;
}

export interface ReceiverDeskOptions {
  readonly account: () => Account;
  readonly onDidChangeAccount: vscode.Event<unknown>;
  /** Where captures outlive the window. */
  readonly directory: string;
  /** Whether that directory is for other windows, too, as it is for those without a folder. */
  readonly isShared: boolean;
  readonly workspaceState: vscode.Memento;
  readonly debugging: Pick<Debugging, "isActive">;
  readonly log: vscode.LogOutputChannel;
  /** Keeps how the receiver is wanted; undefined when it was stopped. */
  readonly remember: (wanted: WantedReceiver | undefined) => Thenable<void>;
}

/** The receiver of this window, its captures, and polling: what the Captures view shows and its commands change. */
export class ReceiverDesk extends Disposable {
  readonly #changed = this.register(new vscode.EventEmitter<void>());
  /** The receiver's or polling's state changed. */
  readonly onDidChangeState = this.#changed.event;
  readonly polling: Polling;
  #receiver: Receiver | undefined;
  #starting: Promise<Receiver> | undefined;
  #externalUrl: string | undefined;
  #following: { dispose(): void } | undefined;
  #closing: Promise<void> | undefined;
  /** A capture that changed is another object. */
  readonly #shown = new WeakMap<Capture, Delivery>();

  /** Reads back the captures that an earlier window kept. */
  static async open(options: ReceiverDeskOptions): Promise<ReceiverDesk> {
    const store = await CaptureStore.open({
      directory: options.isShared ? await ownFolder(options.directory) : options.directory,
      limits: settings.captureLimits,
      log: (line) => options.log.warn(`receiver: ${line}`),
    });
    return new ReceiverDesk(store, options);
  }

  private constructor(
    readonly store: CaptureStore,
    private readonly options: ReceiverDeskOptions,
  ) {
    super();
    this.polling = this.register(
      new Polling({
        account: options.account,
        memory: options.workspaceState,
        everyMs: () => settings.pollSeconds() * 1_000,
        log: (line) => options.log.info(line),
        receiver: () => this.#receiver,
        changed: () => this.#changed.fire(),
      }),
    );
    this.register(
      options.onDidChangeAccount(() => {
        this.#followKeys();
        void this.stopPolling();
      }),
    );
    this.#followKeys();
    this.register({ dispose: () => void this.close() });
  }

  /** Ends it all; settles when the captures are on the disk. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    this.dispose();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#following?.dispose();
    // At once what there is, for a window that closes may not wait; then what comes of breaking off.
    await Promise.all([this.store.flush(), this.#receiver?.close()]);
    await this.store.close();
  }

  #followKeys(): void {
    this.#following?.dispose();
    this.#following = this.options.account().secrets.onDidChange(() => this.keysChanged());
    this.keysChanged();
  }

  /** Another window may have stored or forgotten secrets. */
  keysChanged(): void {
    this.#receiver?.keysChanged();
  }

  /** How a row of the Captures view looks. */
  readonly presentRow = presentCaptureRow;

  /** A capture as a delivery; undefined when it is not kept. */
  delivery(id: string): Delivery | undefined {
    const capture = this.store.get(id);
    if (capture === undefined) return undefined;
    const delivery = this.#shown.get(capture) ?? captureDelivery(capture);
    this.#shown.set(capture, delivery);
    return delivery;
  }

  /** The receiver as it runs; undefined while it does not. */
  get running(): ReceiverState | undefined {
    const receiver = this.#receiver;
    if (receiver === undefined) return undefined;
    const { forwardTo, url } = receiver;
    const { remoteName } = vscode.env;
    return {
      url,
      ...(this.#externalUrl !== undefined && { externalUrl: this.#externalUrl }),
      ...(remoteName !== undefined && { remoteName }),
      ...(forwardTo !== undefined && { forwardTo }),
    };
  }

  /**
   * Starts the receiver; one that runs takes over the new target, and stays where it is unless another port is named.
   * @throws PacSpaceError `conflict` when the port is taken, `forbidden` in an untrusted workspace, `invalid` for a target elsewhere
   */
  async start({ port, forwardTo }: Partial<WantedReceiver>): Promise<string> {
    if (!vscode.workspace.isTrusted) {
      throw new PacSpaceError(
        "forbidden",
        vscode.l10n.t("The receiver starts in a trusted workspace only: trust this one first."),
      );
    }
    if (forwardTo !== undefined) checkForwardUrl(forwardTo);
    const running = this.#receiver;
    if (running !== undefined && port !== undefined && port !== 0 && port !== running.port) {
      throw new PacSpaceError(
        "conflict",
        vscode.l10n.t("The receiver runs at port {0} already. Stop it first.", running.port),
      );
    }
    this.#starting ??= this.#listen(forwardTo, port).finally(() => (this.#starting = undefined));
    const receiver = running ?? (await this.#starting);
    if (forwardTo !== undefined) receiver.forwardTo = forwardTo;
    await this.#remember();
    this.#changed.fire();
    return receiver.url;
  }

  async #listen(forwardTo: string | undefined, port = settings.receiverPort()): Promise<Receiver> {
    if (this.#receiver !== undefined) return this.#receiver;
    const receiver = await Receiver.listen({
      port,
      forwardTo,
      store: this.store,
      allowedHosts: settings.allowedHosts,
      keys: () => this.#keys(),
      toleranceSeconds: settings.toleranceSeconds,
      // Whoever stands at a breakpoint takes their time.
      forwardTimeoutMs: () => (this.options.debugging.isActive ? 0 : usualTimeoutMs),
      log: (line) => this.options.log.debug(`receiver: ${line}`),
    });
    if (this.isDisposed) await receiver.close();
    this.#receiver = receiver;
    this.#externalUrl = await externalUrl(receiver.url);
    return receiver;
  }

  async #keys(): Promise<readonly VerificationKey[]> {
    const { secrets, webhooks } = this.options.account();
    const stored = await secrets.all(webhooks.snapshot.webhooks.map(({ id }) => id));
    return stored.flatMap(({ id, secret, previous }) => [
      { id, secret },
      ...previous.map((earlier) => ({ id, secret: earlier, previous: true })),
    ]);
  }

  /** A window that closes, and one whose receiver could not be brought back, leaves what is remembered as it is. */
  async #remember(): Promise<void> {
    if (this.#receiver === undefined || this.isDisposed) return;
    const { forwardTo, port } = this.#receiver;
    await this.options.remember({ port, forwardTo, polling: this.polling.wanted });
  }

  /** Starts as before a reload. An environment that this window does not work in any more is not polled. */
  async bringBack(wanted: WantedReceiver): Promise<void> {
    await this.start(wanted);
    if (wanted.polling === this.options.account().environment.storageKey) await this.startPolling();
  }

  /** Stops it; captures stay. @returns whether it ran */
  async stop(): Promise<boolean> {
    await this.#starting?.catch(() => undefined);
    const receiver = this.#receiver;
    this.#receiver = undefined;
    this.#externalUrl = undefined;
    await this.options.remember(undefined);
    // Together: what polling waits for is broken off with the receiver.
    await Promise.all([receiver?.close(), this.polling.stop()]);
    this.#changed.fire();
    return receiver !== undefined;
  }

  /**
   * Sets where captures are forwarded to from now on; undefined: nowhere.
   * @throws PacSpaceError `conflict` while the receiver does not run, `invalid` for a URL that is not on this machine
   */
  async forwardTo(url: string | undefined): Promise<void> {
    if (url !== undefined) checkForwardUrl(url);
    this.#needed().forwardTo = url;
    await this.#remember();
    this.#changed.fire();
  }

  /** Sends a capture to the handler again. Throws PacSpaceError as `Receiver.forward`. */
  forward(id: string, signal: AbortSignal): Promise<CaptureForward> {
    return this.#needed().forward(id, signal);
  }

  /** Polls PacSpace from now on. Throws PacSpaceError `conflict` while the receiver does not run. */
  async startPolling(): Promise<void> {
    this.#needed();
    // Together: the first reading may take minutes, and a reload may come in between.
    await Promise.all([this.polling.start(), this.#remember()]);
  }

  async stopPolling(): Promise<void> {
    await Promise.all([this.polling.stop(), this.#remember()]);
  }

  #needed(): Receiver {
    if (this.#receiver !== undefined) return this.#receiver;
    throw new PacSpaceError("conflict", vscode.l10n.t("The receiver does not run. Start it first."));
  }
}
