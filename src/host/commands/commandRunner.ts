import * as vscode from "vscode";
import { invalidInput, isErrorOfKind, isPacSpaceError, PacSpaceError } from "../../core/errors";
import type { Fields } from "../../core/model/fields";
import { visibleText } from "../../core/model/visibleText";
import { silentTask, withProgress } from "../platform/task";
import { isTreeNode, type TreeNode } from "../tree/nodes";
import type { Services } from "../services";
import { commandsOf } from "./all";
import type { Announcement, AnyCommand, Choice, Command } from "./command";
import { errorHelp } from "./errorHelp";

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

/** Runs the commands; the only place that tells a person of outcomes and errors. */
export class CommandRunner {
  readonly #commands: ReadonlyMap<string, Loose>;

  constructor(private readonly services: Services) {
    const commands = commandsOf(services) as unknown as readonly Loose[];
    this.#commands = new Map(commands.map((command) => [command.id, command]));
  }

  #command(id: string): Loose {
    const command = this.#commands.get(id);
    if (command === undefined) throw new Error(`${id} is declared in the manifest but has no code.`);
    return command;
  }

  /**
   * Runs a command as VS Code calls it: by a person, from the palette, a row or a file, or by argument.
   * @param first a row, a file, or the argument
   * @param second the selected rows
   * @returns what the command gives to who called it by argument
   */
  async invoke(id: string, first: unknown, second: unknown): Promise<object | undefined> {
    const command = this.#command(id);
    const isFile = first instanceof vscode.Uri;
    const byPerson = first === undefined || first === null || isTreeNode(first) || isFile;
    if (!byPerson) return this.#byArgument(command, first);
    const selection = Array.isArray(second) ? second.filter(isTreeNode) : [];
    const clicked = isTreeNode(first) ? [first] : [];
    const rows = selection.length > 0 ? selection : clicked;
    const nodes = command.single === true ? (clicked.length > 0 ? clicked : rows.slice(0, 1)) : rows;
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
    await this.#forPerson(this.#command(id), () => Promise.resolve(input));
  }

  #byPerson(command: Loose, nodes: readonly TreeNode[], files: readonly vscode.Uri[]): Promise<void> {
    return this.#forPerson(command, () => command.ask(nodes, files));
  }

  async #forPerson(command: Loose, answers: () => Promise<unknown>): Promise<void> {
    try {
      const { active: asked } = this.services.environments;
      const input = await answers();
      if (input === undefined) return;
      const { active } = this.services.environments;
      // What was typed or agreed to was meant for the environment that the questions named.
      if (active !== asked) {
        throw new PacSpaceError(
          "conflict",
          vscode.l10n.t(
            "Nothing was done: the environment changed from {0} to {1} while you answered. Run the command again where you want it.",
            asked.environment.name,
            active.environment.name,
          ),
        );
      }
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
    this.services.log.error(`${command.id}: ${kind}: ${words(error)}`);
    if (!isPacSpaceError(error) && error instanceof Error) this.services.log.debug(error.stack ?? "");
  }

  /** Shows an error once, with the buttons that help. Not awaited: it may stay on the screen. */
  showError(error: unknown): void {
    const choices = [
      ...errorHelp(this.services, error),
      { label: vscode.l10n.t("Show Log"), run: () => this.services.log.show() },
    ];
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
