import * as vscode from "vscode";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** What the extension shows and what it sends to its webviews, as VS Code gets it. */
export interface Recording {
  /** Messages to webviews, and the pages themselves. */
  readonly posted: unknown[];
  /** Messages and questions to a person. */
  readonly said: unknown[];
  /** Context keys as they are set, in order. */
  readonly contexts: (readonly [key: string, value: unknown])[];
  /** Leaves VS Code's functions as they were. */
  stop(): void;
}

/** Writes down what passes through VS Code's own functions, which do what they always do. */
export function startRecording(): Recording {
  const window = vscode.window as Mutable<typeof vscode.window>;
  const posted: unknown[] = [];
  const said: unknown[] = [];
  const contexts: [string, unknown][] = [];
  const commands = vscode.commands as Mutable<typeof vscode.commands>;
  const { executeCommand } = commands;
  commands.executeCommand = <T>(command: string, ...words: unknown[]): Thenable<T> => {
    if (command === "setContext") contexts.push([String(words[0]), words[1]]);
    return executeCommand<T>(command, ...words);
  };
  const { createWebviewPanel, showErrorMessage, showInformationMessage, showWarningMessage } = window;
  window.createWebviewPanel = (...words: Parameters<typeof createWebviewPanel>) => {
    const panel = createWebviewPanel(...words);
    const post = panel.webview.postMessage.bind(panel.webview);
    panel.webview.postMessage = (message: unknown) => {
      posted.push(message, panel.webview.html, panel.title);
      return post(message);
    };
    return panel;
  };
  const noting =
    <T extends (...words: never[]) => unknown>(show: T) =>
    (...words: Parameters<T>) => {
      said.push(words);
      return show(...words);
    };
  window.showErrorMessage = noting(showErrorMessage) as typeof showErrorMessage;
  window.showInformationMessage = noting(showInformationMessage) as typeof showInformationMessage;
  window.showWarningMessage = noting(showWarningMessage) as typeof showWarningMessage;
  return {
    posted,
    said,
    contexts,
    stop: () => {
      Object.assign(window, { createWebviewPanel, showErrorMessage, showInformationMessage, showWarningMessage });
      Object.assign(commands, { executeCommand });
    },
  };
}
