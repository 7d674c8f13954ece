import type { SessionState } from "../../state/account";
import { Disposable } from "../platform/lifecycle";
import type { UnfinishedOptions } from "./unfinishedWork";

/** Looks for unfinished work once there is a session; its code is loaded then. */
export class LazyUnfinished extends Disposable {
  #subscription: { dispose(): void } | undefined;
  #isLoading = false;

  constructor(private readonly options: UnfinishedOptions) {
    super();
    this.register(options.environments.onDidChange(() => this.#follow()));
    this.register({ dispose: () => this.#subscription?.dispose() });
    this.#follow();
  }

  #follow(): void {
    this.#subscription?.dispose();
    const account = this.options.environments.active;
    this.#subscription = account.onDidChangeSession((state) => void this.#load(state));
    void this.#load(account.session);
  }

  async #load({ kind }: SessionState): Promise<void> {
    if (kind !== "signedIn" || this.#isLoading) return;
    this.#isLoading = true;
    const { UnfinishedWork } = await import("./unfinishedWork");
    this.register(new UnfinishedWork(this.options));
  }
}
