import type * as vscode from "vscode";

/** Base of all that subscribes: what was registered is disposed in reverse order, once. */
export abstract class Disposable implements vscode.Disposable {
  readonly #held: { dispose(): unknown }[] = [];
  #disposed = false;

  protected get isDisposed(): boolean {
    return this.#disposed;
  }

  protected register<T extends { dispose(): unknown }>(held: T): T {
    if (this.#disposed) held.dispose();
    else this.#held.push(held);
    return held;
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    for (const held of this.#held.splice(0).reverse()) held.dispose();
  }
}
