import * as vscode from "vscode";
import { invalidInput, isErrorOfKind, isPacSpaceError } from "../../core/errors";
import type { Fields } from "../../core/model/fields";
import { visibleText } from "../../core/model/visibleText";
import { Disposable } from "../platform/lifecycle";
import { silentTask, withProgress } from "../platform/task";
import { isTreeNode, type TreeNode } from "../tree/nodes";
import type { Announcement, AnyCommand, Choice, Command } from "./command";

type Loose = Command<unknown, object>;

/** In characters. */
const longestWords = 2_000;

/**
 * Notifications make links, of commands too, out of `[text](address)`. What PacSpace or an endpoint says is told in
 * them, and must not become a button.
 */
function plain(message: string): string {
  return message.replaceAll("](", "] (");
}

/** Why a call failed, for a person: our own errors speak for themselves, others are faults of ours. */
function words(error: unknown): string {
  if (isPacSpaceError(error)) return error.message;
  return visibleText(
    `Something went wrong in Webhooks for PacSpace: ${error instanceof Error ? error.message : String(error)}`,
    longestWords,
  );
}

/** Registers all commands; the only place that tells a person of outcomes and errors. Their code comes with the first call. */
export class CommandRegistry extends Disposable {
  #commands: Promise<ReadonlyMap<string, Loose>> | undefined;

  /**
   * @param ids what the manifest declares
   * @param load gives the commands, once
   * @param help buttons for an error, such as signing in after a lost session
   */
  constructor(
    ids: readonly string[],
    private readonly load: () => Promise<readonly AnyCommand[]>,
    private readonly log: vscode.LogOutputChannel,
    private readonly help: (error: unknown) => readonly Choice[],
  ) {
    super();
    for (const id of ids) {
      this.register(
        vscode.commands.registerCommand(id, async (first?: unknown, second?: unknown) =>
          this.#invoke(await this.#command(id), first, second),
        ),
      );
    }
  }

  async #command(id: string): Promise<Loose> {
    this.#commands ??= this.load().then(
      (commands) => new Map((commands as unknown as readonly Loose[]).map((command) => [command.id, command])),
    );
    const command = (await this.#commands).get(id);
    if (command === undefined) throw new Error(`${id} is declared in the manifest but has no code.`);
    return command;
  }

  async #invoke(command: Loose, first: unknown, second: unknown): Promise<object | undefined> {
    const isFile = first instanceof vscode.Uri;
    const byPerson = first === undefined || first === null || isTreeNode(first) || isFile;
    if (!byPerson) return this.#byArgument(command, first);
    const selection = Array.isArray(second) ? second.filter(isTreeNode) : [];
    const nodes = selection.length > 0 ? selection : isTreeNode(first) ? [first] : [];
    await this.#byPerson(command, nodes, isFile ? [first] : []);
    return undefined;
  }

  async #byArgument(command: Loose, argument: unknown): Promise<object> {
    try {
      if (typeof argument !== "object" || Array.isArray(argument)) {
        throw invalidInput(`${command.id} takes one object with its answers.`);
      }
      return await command.run(command.read(argument as Fields), silentTask());
    } catch (error) {
      this.#note(command, error);
      // VS Code passes on an error's message alone; another bundle's class must not matter.
      throw new Error(words(error), { cause: error });
    }
  }

  /**
   * Runs a command for a person who has answered already, elsewhere: its outcome or its error is shown once.
   * @param input as the command's `ask` gives it
   */
  async perform(id: AnyCommand["id"], input: unknown): Promise<void> {
    await this.#forPerson(await this.#command(id), () => Promise.resolve(input));
  }

  #byPerson(command: Loose, nodes: readonly TreeNode[], files: readonly vscode.Uri[]): Promise<void> {
    return this.#forPerson(command, () => command.ask(nodes, files));
  }

  async #forPerson(command: Loose, answers: () => Promise<unknown>): Promise<void> {
    try {
      const input = await answers();
      if (input === undefined) return;
      const { progress } = command;
      const result =
        progress === undefined
          ? await command.run(input, silentTask())
          : await withProgress(progress.place, progress.title, (task) => command.run(input, task));
      const announcement = command.announce?.(result, input);
      if (announcement !== undefined) show(announcement);
    } catch (error) {
      if (isErrorOfKind(error, "cancelled") || error instanceof vscode.CancellationError) return;
      this.#note(command, error);
      this.showError(error);
    }
  }

  #note(command: Loose, error: unknown): void {
    const kind = isPacSpaceError(error) ? error.kind : "fault";
    this.log.error(`${command.id}: ${kind}: ${words(error)}`);
    if (!isPacSpaceError(error) && error instanceof Error) this.log.debug(error.stack ?? "");
  }

  /** Shows an error once, with the buttons that help. Not awaited: it may stay on the screen. */
  showError(error: unknown): void {
    const choices = [...this.help(error), { label: vscode.l10n.t("Show Log"), run: () => this.log.show() }];
    void offer(vscode.window.showErrorMessage(plain(words(error)), ...choices.map(({ label }) => label)), choices);
  }
}

function show({ severity, message: words, choices = [] }: Announcement): void {
  const message = plain(visibleText(words, longestWords));
  const labels = choices.map(({ label }) => label);
  const shown =
    severity === "warning"
      ? vscode.window.showWarningMessage(message, ...labels)
      : vscode.window.showInformationMessage(message, ...labels);
  void offer(shown, choices);
}

async function offer(shown: Thenable<string | undefined>, choices: readonly Choice[]): Promise<void> {
  const chosen = await shown;
  await choices.find(({ label }) => label === chosen)?.run();
}

/** The ids that the manifest declares: what is registered can't differ from it. */
export function declaredCommands({ packageJSON }: vscode.Extension<unknown>): readonly string[] {
  const manifest = packageJSON as {
    readonly contributes: { readonly commands: readonly { readonly command: string }[] };
  };
  return manifest.contributes.commands.map(({ command }) => command);
}
