import * as vscode from "vscode";
import { PacSpaceError } from "../../core/errors";
import type { Capture, CaptureForward } from "../../core/model/capture";
import { captureDelivery } from "../../core/model/captureDelivery";
import type { Delivery } from "../../core/model/delivery";
import type { VerificationKey } from "../../core/signature/verify";
import type { CaptureMirror } from "../../receiver/captureMirror";
import { usualTimeoutMs } from "../../receiver/handingOn";
import type { ReceiverSettings } from "../../receiver/receiverCalls";
import type { Account } from "../../state/account";
import type { Debugging } from "../platform/debugging";
import { Disposable } from "../platform/lifecycle";
import { onDidChangeSettings, settings } from "../platform/settings";
import type { ReceiverState } from "../tree/nodes";
import { externalUrl } from "./externalUrl";
import { checkForwardUrl } from "./forwardUrl";
import { ownFolder } from "./ownFolder";
import { Polling } from "./polling";
import { presentCaptureRow } from "./presentCapture";
import { ReceiverProcess, type ListeningReceiver } from "./receiverProcess";

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
  /** The bundle of the receiver's process. */
  readonly script: string;
  /** Where captures outlive the window. */
  readonly directory: string;
  /** Whether that directory is for other windows, too, as it is for those without a folder. */
  readonly isShared: boolean;
  readonly workspaceState: vscode.Memento;
  readonly debugging: Pick<Debugging, "isActive" | "onDidChange">;
  readonly log: vscode.LogOutputChannel;
  /** Keeps how the receiver is wanted; undefined when it was stopped. */
  readonly remember: (wanted: WantedReceiver | undefined) => Thenable<void>;
}

function settingsOf({ debugging }: ReceiverDeskOptions): ReceiverSettings {
  return {
    allowedHosts: settings.allowedHosts(),
    toleranceSeconds: settings.toleranceSeconds(),
    // Whoever stands at a breakpoint takes their time.
    forwardTimeoutMs: debugging.isActive ? 0 : usualTimeoutMs,
    limits: settings.captureLimits(),
  };
}

async function storedKeys({ secrets, webhooks }: Account): Promise<readonly VerificationKey[]> {
  const stored = await secrets.all(webhooks.snapshot.webhooks.map(({ id }) => id));
  return stored.flatMap(({ id, secret, previous }) => [
    { id, secret },
    ...previous.map((earlier) => ({ id, secret: earlier, previous: true })),
  ]);
}

/** The receiver of this window, its captures, and polling: what the Captures view shows and its commands change. */
export class ReceiverDesk extends Disposable {
  readonly #changed = this.register(new vscode.EventEmitter<void>());
  /** The receiver's or polling's state changed. */
  readonly onDidChangeState = this.#changed.event;
  readonly polling: Polling;
  #receiver: ListeningReceiver | undefined;
  #starting: Promise<ListeningReceiver> | undefined;
  #externalUrl: string | undefined;
  #problem: string | undefined;
  #following: { dispose(): void } | undefined;
  #closing: Promise<void> | undefined;
  /** A capture that changed is another object. */
  readonly #shown = new WeakMap<Capture, Delivery>();

  /** Reads back the captures that an earlier window kept. */
  static async open(options: ReceiverDeskOptions): Promise<ReceiverDesk> {
    const { directory, isShared, log, script } = options;
    let desk: ReceiverDesk | undefined;
    const process = await ReceiverProcess.open({
      script,
      directory: isShared ? await ownFolder(directory) : directory,
      settings: () => settingsOf(options),
      keys: () => storedKeys(options.account()),
      log: (level, line) => log[level](`receiver: ${line}`),
      brokeDown: (error) => desk?.brokeDown(error),
    });
    return (desk = new ReceiverDesk(process, options));
  }

  private constructor(
    private readonly process: ReceiverProcess,
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
    this.register(onDidChangeSettings(() => process.settingsChanged()));
    this.register(options.debugging.onDidChange(() => process.settingsChanged()));
    this.register({ dispose: () => void this.close() });
  }

  /** What the receiver keeps. */
  get store(): CaptureMirror {
    return this.process.captures;
  }

  /** Why the receiver does not run, when it has broken down. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** Ends it all; settles when the captures are on the disk. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    this.dispose();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#following?.dispose();
    await this.process.close();
  }

  /** Captures that were not on the disk are lost, and nothing listens any more. */
  brokeDown(error: Error): void {
    this.options.log.error(error.message);
    this.#problem = error.message;
    this.#receiver = undefined;
    void this.polling.stop();
    this.#changed.fire();
  }

  #followKeys(): void {
    this.#following?.dispose();
    this.#following = this.options.account().secrets.onDidChange(() => this.keysChanged());
    this.keysChanged();
  }

  /** Another window may have stored or forgotten secrets. */
  keysChanged(): void {
    this.process.keysChanged();
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
    if (forwardTo !== undefined) await receiver.setForwardTo(forwardTo);
    await this.#remember();
    this.#changed.fire();
    return receiver.url;
  }

  async #listen(forwardTo: string | undefined, port = settings.receiverPort()): Promise<ListeningReceiver> {
    if (this.#receiver !== undefined) return this.#receiver;
    const receiver = await this.process.listen(port, forwardTo);
    if (this.isDisposed) await receiver.close();
    this.#receiver = receiver;
    this.#problem = undefined;
    this.#externalUrl = await externalUrl(receiver.url);
    return receiver;
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
    await this.#needed().setForwardTo(url);
    await this.#remember();
    this.#changed.fire();
  }

  /** Deletes captures, from the disk, too. @returns how many were kept */
  async remove(ids: readonly string[]): Promise<number> {
    await this.process.settle();
    const known = ids.filter((id) => this.store.get(id) !== undefined);
    await this.process.remove(known);
    return known.length;
  }

  /** Deletes all captures, from the disk, too. @returns how many were kept */
  async clear(): Promise<number> {
    await this.process.settle();
    const { count } = this.store;
    await this.process.clear();
    return count;
  }

  /** Settles when what came before is among the captures. */
  settle(): Promise<void> {
    return this.process.settle();
  }

  /** Sends a capture to the handler again. Throws PacSpaceError as `Receiver.forward`. */
  async forward(id: string, signal: AbortSignal): Promise<CaptureForward> {
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

  #needed(): ListeningReceiver {
    if (this.#receiver !== undefined) return this.#receiver;
    throw new PacSpaceError("conflict", vscode.l10n.t("The receiver does not run. Start it first."));
  }
}
