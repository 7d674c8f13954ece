import * as vscode from "vscode";
import { isPacSpaceError } from "../../core/errors";
import type { ContextKeyWriter } from "../platform/contextKeys";
import type { Environments } from "../platform/environments";
import { Disposable } from "../platform/lifecycle";
import type { LazyReceiver } from "../receiver/lazyReceiver";
import { CapturesTree } from "./capturesTree";
import { receiverNode, type ReceiverNode, type TreeNode } from "./nodes";

/** The Captures view: the receiver's rows, how many are kept, and what could not be brought back. */
export class CapturesView extends Disposable {
  readonly #tree: CapturesTree;
  readonly #view: vscode.TreeView<TreeNode>;
  #problem: string | undefined;

  constructor(
    private readonly receiver: LazyReceiver,
    environments: Environments,
    private readonly keys: ContextKeyWriter,
    private readonly log: vscode.LogOutputChannel,
  ) {
    super();
    this.#tree = this.register(new CapturesTree(receiver, () => environments.active));
    this.#view = this.register(
      vscode.window.createTreeView("pacspace.captures", { treeDataProvider: this.#tree, canSelectMany: true }),
    );
    this.register(
      receiver.onDidChangeCaptures((changes) => {
        this.#tree.follow(changes);
        this.#sync();
      }),
    );
    this.register(
      receiver.onDidChangeState(() => {
        if (receiver.desk?.running !== undefined) this.#problem = undefined;
        this.#tree.redraw();
        this.#sync();
      }),
    );
    receiver.bringBack().catch((error: unknown) => {
      this.#problem = isPacSpaceError(error) ? error.message : String(error);
      this.log.warn(`The receiver was not brought back: ${this.#problem}`);
      this.#sync();
    });
  }

  /** The receiver's own row, for a command that is called on it. */
  receiverNode(): ReceiverNode | undefined {
    const running = this.receiver.desk?.running;
    return running && receiverNode(running);
  }

  /** Context keys, description and message follow from what the desk holds. */
  #sync(): void {
    const { desk } = this.receiver;
    if (desk === undefined || this.isDisposed) return;
    const { polling, problem = this.#problem, running, store } = desk;
    const { count } = store;
    this.keys.set("pacspace.receiverRunning", running !== undefined);
    this.keys.set("pacspace.receiverForwards", running?.forwardTo !== undefined);
    this.keys.set("pacspace.polling", polling.isOn);
    const { missed = [], moreSince } = polling.state ?? {};
    this.keys.set("pacspace.pollMissed", polling.isOn && (missed.length > 0 || moreSince !== undefined));
    this.keys.set("pacspace.capturesKept", count > 0);
    this.#view.description = count === 0 ? "" : vscode.l10n.t("{0} kept", count);
    const dropped =
      store.dropped === 0
        ? undefined
        : `${store.dropped === 1 ? vscode.l10n.t("1 older one made room:") : vscode.l10n.t("{0} older ones made room:", store.dropped)} ${
            count === 1 ? vscode.l10n.t("the newest alone is kept.") : vscode.l10n.t("the newest {0} are kept.", count)
          }`;
    const stopped =
      running === undefined && count > 0
        ? vscode.l10n.t("The receiver does not run: nothing new comes in.")
        : undefined;
    this.#view.message = [problem, stopped, dropped].filter((part) => part !== undefined).join(" ");
  }
}
