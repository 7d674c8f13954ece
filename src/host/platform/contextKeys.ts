import * as vscode from "vscode";

/** Every context key of the extension, with its value before anything is known. */
const defaults = {
  /** What the welcome views go by. */
  "pacspace.session": "unknown" as "unknown" | "signedIn" | "signedOut" | "expired" | "unreachable",
  "pacspace.webhooksLoaded": false,
  "pacspace.webhooksMore": false,
  "pacspace.deliveriesLoaded": false,
  "pacspace.deliveriesFiltered": false,
  "pacspace.deliveriesMore": false,
  "pacspace.environmentKind": "production" as "production" | "local" | "custom",
  "pacspace.localRunning": false,
  "pacspace.receiverRunning": false,
  "pacspace.receiverForwards": false,
  "pacspace.capturesKept": false,
  "pacspace.polling": false,
  "pacspace.pollMissed": false,
};

export type ContextKeys = typeof defaults;

/** Sets context keys, and only those that changed: `when` clauses take a key that is not set as its default. */
export class ContextKeyWriter {
  readonly #values = new Map<string, unknown>();

  set<K extends keyof ContextKeys>(key: K, value: ContextKeys[K]): void {
    if (this.get(key) === value) return;
    this.#values.set(key, value);
    void vscode.commands.executeCommand("setContext", key, value);
  }

  get<K extends keyof ContextKeys>(key: K): ContextKeys[K] {
    return (this.#values.get(key) as ContextKeys[K] | undefined) ?? defaults[key];
  }
}
