import * as vscode from "vscode";
import type { Capture } from "../../core/model/capture";
import type { Delivery } from "../../core/model/delivery";
import { numberField, recordOf, textField } from "../../core/model/fields";
import type { CaptureSource } from "../deliveryLookup";
import type { Debugging } from "../platform/debugging";
import type { Environments } from "../platform/environments";
import { Disposable } from "../platform/lifecycle";
import type { OwnMemory } from "../platform/ownMemory";
import { onFirstUse } from "../platform/onFirstUse";
import { GatheredChanges, type CaptureChanges } from "./captureChanges";
import type { ReceiverDesk, WantedReceiver } from "./receiverDesk";

const rememberedKey = "pacspace.receiver";

/** The receiver, whose bundle is loaded when its view is first seen, or when it is first used. */
export class LazyReceiver extends Disposable implements CaptureSource {
  readonly #capturesChanged = this.register(new vscode.EventEmitter<CaptureChanges>());
  readonly onDidChangeCaptures = this.#capturesChanged.event;
  readonly #stateChanged = this.register(new vscode.EventEmitter<void>());
  /** The receiver started or stopped, forwards elsewhere, or polling changed. */
  readonly onDidChangeState = this.#stateChanged.event;
  readonly #gathered = this.register(new GatheredChanges((changes) => this.#capturesChanged.fire(changes)));
  #desk: ReceiverDesk | undefined;

  constructor(
    // No global state: what is kept here is of one workspace, and other windows would undo it.
    private readonly memory: Pick<OwnMemory, "capturesFolder" | "folders" | "workspaceState">,
    private readonly environments: Pick<Environments, "active" | "onDidChange">,
    private readonly debugging: Pick<Debugging, "isActive" | "onDidChange">,
    /** The bundle of the receiver's process. */
    private readonly script: string,
    private readonly log: vscode.LogOutputChannel,
  ) {
    super();
    this.register({ dispose: () => this.#desk?.dispose() });
    this.register(
      vscode.window.onDidChangeWindowState(({ focused }) => {
        if (focused) this.#desk?.keysChanged();
      }),
    );
  }

  /** The desk, made on first use. */
  readonly get = onFirstUse(async (): Promise<ReceiverDesk> => {
    const { ReceiverDesk } = await import("./receiverDesk");
    const { capturesFolder, folders, workspaceState } = this.memory;
    const desk = await ReceiverDesk.open({
      account: () => this.environments.active,
      onDidChangeAccount: this.environments.onDidChange,
      directory: capturesFolder,
      isShared: folders.length === 1,
      workspaceState,
      debugging: this.debugging,
      script: this.script,
      log: this.log,
      remember: (wanted) => workspaceState.update(rememberedKey, wanted),
    });
    if (this.isDisposed) {
      desk.dispose();
      return desk;
    }
    this.#desk = desk;
    this.register(desk.store.onDidChange((change) => this.#gathered.add(change)));
    this.register(desk.onDidChangeState(() => this.#stateChanged.fire()));
    this.#stateChanged.fire();
    return desk;
  });

  /** The desk, where it was made already. */
  get desk(): ReceiverDesk | undefined {
    return this.#desk;
  }

  loaded(id: string): Capture | undefined {
    return this.#desk?.store.get(id);
  }

  async find(id: string): Promise<Capture | undefined> {
    const desk = await this.get();
    await desk.settle();
    return desk.store.get(id);
  }

  loadedDelivery(id: string): Delivery | undefined {
    return this.#desk?.delivery(id);
  }

  async findDelivery(id: string): Promise<Delivery | undefined> {
    const desk = await this.get();
    await desk.settle();
    return desk.delivery(id);
  }

  /** How the receiver ran when this window was last open and nobody had stopped it. */
  get wanted(): WantedReceiver | undefined {
    const fields = recordOf(this.memory.workspaceState.get<unknown>(rememberedKey));
    const port = numberField(fields, "port");
    const forwardTo = textField(fields, "forwardTo");
    return port === undefined ? undefined : { port, forwardTo, polling: textField(fields, "polling") };
  }

  /** Stops the receiver and deletes all captures, those on the disk, too. */
  async forget(): Promise<void> {
    const desk = await this.get();
    await desk.stop();
    await desk.clear();
  }

  /** Brings the receiver back as it was before a reload; what stands against it is said in the view and the log. */
  async bringBack(): Promise<void> {
    const { wanted } = this;
    if (wanted === undefined || !vscode.workspace.isTrusted) return;
    await (await this.get()).bringBack(wanted);
  }

  /** Ends it; settles when all captures are on the disk. */
  async close(): Promise<void> {
    this.dispose();
    await this.#desk?.close();
  }
}
