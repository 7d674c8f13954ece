import * as vscode from "vscode";
import { Disposable } from "./lifecycle";

/** Whether a debugger runs: it may hold a handler for as long as its user looks around, so that there is no limit then. */
export class Debugging extends Disposable {
  readonly #changed = this.register(new vscode.EventEmitter<void>());
  readonly onDidChange = this.#changed.event;
  readonly #ended = new Set<string>();

  constructor() {
    super();
    this.register(
      vscode.debug.onDidTerminateDebugSession(({ id }) => {
        this.#ended.add(id);
        this.#changed.fire();
      }),
    );
    this.register(vscode.debug.onDidChangeActiveDebugSession(() => this.#changed.fire()));
  }

  /** VS Code may go on naming a session as the active one that has ended, where its last stop was shown late. */
  get isActive(): boolean {
    const session = vscode.debug.activeDebugSession;
    return session !== undefined && !this.#ended.has(session.id);
  }
}
