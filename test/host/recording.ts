import * as vscode from "vscode";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** What the extension shows and what it sends to its webviews, as VS Code gets it. */
export interface Recording {
  /** Messages to webviews, and the pages themselves. */
  readonly posted: unknown[];
  /** Messages and questions to a person. */
  readonly said: unknown[];
  /** Pickers, input boxes and file dialogs, with the words they were opened with. */
  readonly asked: (readonly [box: "showQuickPick" | "showInputBox" | "showSaveDialog", ...words: readonly unknown[]])[];
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
  const asked: Recording["asked"] = [];
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
  const { showQuickPick, showInputBox, showSaveDialog } = window;
  const boxes = { showQuickPick, showInputBox, showSaveDialog };
  for (const box of ["showQuickPick", "showInputBox", "showSaveDialog"] as const) {
    const open = boxes[box] as (...words: unknown[]) => unknown;
    const noted = (...words: unknown[]): unknown => {
      asked.push([box, ...words]);
      return open(...words);
    };
    Object.assign(window, { [box]: noted });
  }
  return {
    posted,
    said,
    asked,
    contexts,
    stop: () => {
      Object.assign(window, { createWebviewPanel, showErrorMessage, showInformationMessage, showWarningMessage });
      Object.assign(window, boxes);
      Object.assign(commands, { executeCommand });
    },
  };
}
