import * as vscode from "vscode";
import { onFirstUse } from "../platform/onFirstUse";
import type { Services } from "../services";
import type { HandlerProof } from "./handlerProof";

/** The proof of a handler, whose bundle is loaded with the first run, or for a workspace that has a `.pacspace` folder. */
export function lazyProof(
  memory: vscode.Memento,
  services: () => Services,
): { dispose(): void } & { get(): Promise<HandlerProof> } {
  let made: HandlerProof | undefined;
  const get = onFirstUse(async (): Promise<HandlerProof> => {
    const { HandlerProof } = await import("./handlerProof");
    made = new HandlerProof(services(), memory);
    return made;
  });
  // Looked for once VS Code's start is over.
  setImmediate(() => {
    for (const { uri } of vscode.workspace.workspaceFolders ?? []) {
      void vscode.workspace.fs.stat(vscode.Uri.joinPath(uri, ".pacspace")).then(get, () => undefined);
    }
  });
  return { get, dispose: () => made?.dispose() };
}
