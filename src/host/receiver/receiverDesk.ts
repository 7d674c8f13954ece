import * as vscode from "vscode";
import { PacSpaceError } from "../../core/errors";
import type { Capture, CaptureForward } from "../../core/model/capture";
import { captureDelivery } from "../../core/model/captureDelivery";
import type { Delivery } from "../../core/model/delivery";
import type { VerificationKey } from "../../core/signature/verify";
import { CaptureStore } from "../../receiver/captureStore";
import { Receiver } from "../../receiver/receiver";
import type { Account } from "../../state/account";
import { Disposable } from "../platform/lifecycle";
import { settings } from "../platform/settings";
import type { ReceiverState } from "../tree/nodes";
import { checkForwardUrl } from "./forwardUrl";
import { ownFolder } from "./ownFolder";
import { Polling } from "./polling";
import { presentCaptureRow } from "./presentCapture";

/** How the receiver is wanted: kept, so that a reload brings it back. */
export interface WantedReceiver {
  readonly port: number;
  readonly forwardTo?: string | undefined;
  /** Whether PacSpace is polled, too. */
  readonly polling?: boolean | undefined;
}

export interface ReceiverDeskOptions {
  readonly account: () => Account;
  readonly onDidChangeAccount: vscode.Event<unknown>;
  /** Where captures outlive the window. */
  readonly directory: string;
  /** Whether that directory is for other windows, too, as it is for those without a folder. */
  readonly isShared: boolean;
  readonly globalState: vscode.Memento;
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
        globalState: options.globalState,
        log: options.log,
        receiver: () => this.#receiver,
        changed: () => this.#changed.fire(),
      }),
    );
    this.register(
      options.onDidChangeAccount(() => {
        this.#followKeys();
        void this.polling.stop();
      }),
    );
    this.#followKeys();
    this.register({
      dispose: () => {
        this.#following?.dispose();
        void this.polling.stop();
        void this.#receiver?.close().then(() => this.store.close());
        if (this.#receiver === undefined) void this.store.close();
      },
    });
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
    const known = this.#shown.get(capture);
    if (known !== undefined) return known;
    const delivery = captureDelivery(capture);
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
  async start({ port, forwardTo }: Pick<WantedReceiver, "forwardTo"> & { readonly port?: number }): Promise<string> {
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
    this.#starting ??= this.#listen(port ?? settings.receiverPort()).finally(() => (this.#starting = undefined));
    const receiver = running ?? (await this.#starting);
    if (forwardTo !== undefined) receiver.forwardTo = forwardTo;
    await this.#remember();
    this.#changed.fire();
    return receiver.url;
  }

  async #listen(port: number): Promise<Receiver> {
    if (this.#receiver !== undefined) return this.#receiver;
    const receiver = await Receiver.listen({
      port,
      store: this.store,
      allowedHosts: settings.allowedHosts,
      keys: () => this.#keys(),
      toleranceSeconds: settings.toleranceSeconds,
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

  async #remember(): Promise<void> {
    const receiver = this.#receiver;
    const { forwardTo, port } = receiver ?? {};
    await this.options.remember(port === undefined ? undefined : { port, forwardTo, polling: this.polling.isOn });
  }

  /** Stops it; captures stay. @returns whether it ran */
  async stop(): Promise<boolean> {
    await this.#starting?.catch(() => undefined);
    const receiver = this.#receiver;
    this.#receiver = undefined;
    this.#externalUrl = undefined;
    await this.polling.stop();
    await this.#remember();
    await receiver?.close();
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
    // A debugger may hold the handler for as long as its user looks around.
    return this.#needed().forward(id, signal, vscode.debug.activeDebugSession === undefined ? undefined : 0);
  }

  /** Polls PacSpace from now on. Throws PacSpaceError `conflict` while the receiver does not run. */
  async startPolling(): Promise<void> {
    this.#needed();
    await this.polling.start();
    await this.#remember();
  }

  async stopPolling(): Promise<void> {
    await this.polling.stop();
    await this.#remember();
  }

  #needed(): Receiver {
    if (this.#receiver !== undefined) return this.#receiver;
    throw new PacSpaceError("conflict", vscode.l10n.t("The receiver does not run. Start it first."));
  }
}

/** The receiver's address as a browser on the person's machine reaches it; undefined when that is the same one. */
async function externalUrl(url: string): Promise<string | undefined> {
  const external = await vscode.env.asExternalUri(vscode.Uri.parse(url));
  const text = external.toString(true).replace(/\/$/, "");
  return text === url || vscode.env.remoteName === undefined ? undefined : text;
}
