import type * as vscode from "vscode";
import { dispatcher, type Handlers } from "../../protocol/dispatch";
import type { HostMessage } from "../../protocol/hostMessages";
import { panelMessageSchema, type PanelMessage } from "../../protocol/panelMessages";
import { Disposable } from "../platform/lifecycle";

export interface PageWishes {
  readonly handlers: Handlers<PanelMessage, unknown>;
  /** Called for what a handler throws. */
  readonly failed: (error: unknown) => void;
  /** Called for a message that is not in the protocol, with its type where that is a known one. */
  readonly dropped: (type: string) => void;
}

/** The page within a panel: messages go to it while it listens, and come from it checked. */
export class PageLink extends Disposable {
  /** A hidden panel's page is gone; it says so anew when it is back. */
  #listening = false;

  constructor(
    private readonly panel: vscode.WebviewPanel,
    { handlers, failed, dropped }: PageWishes,
  ) {
    super();
    this.register(
      panel.onDidChangeViewState(() => {
        if (!panel.visible) this.#listening = false;
      }),
    );
    const receive = dispatcher(
      panelMessageSchema,
      {
        ...handlers,
        ready: (message) => {
          this.#listening = true;
          return handlers.ready(message);
        },
      },
      dropped,
    );
    this.register(
      panel.webview.onDidReceiveMessage((message: unknown) => {
        Promise.resolve(receive(message)).catch(failed);
      }),
    );
  }

  get listening(): boolean {
    return this.#listening && !this.isDisposed;
  }

  post(message: HostMessage): void {
    if (this.listening) void this.panel.webview.postMessage(message);
  }
}
