import * as vscode from "vscode";
import type { CommandRunner } from "./commandRunner";

/**
 * Registers a command for each id that the manifest declares: what is registered can't differ from it.
 * @param runner gives their code, with the first call
 */
export function registerCommands(
  { packageJSON }: vscode.Extension<unknown>,
  runner: () => Promise<CommandRunner>,
): vscode.Disposable {
  const manifest = packageJSON as {
    readonly contributes: { readonly commands: readonly { readonly command: string }[] };
  };
  return vscode.Disposable.from(
    ...manifest.contributes.commands.map(({ command }) =>
      vscode.commands.registerCommand(command, async (first?: unknown, second?: unknown) =>
        (await runner()).invoke(command, first, second),
      ),
    ),
  );
}
