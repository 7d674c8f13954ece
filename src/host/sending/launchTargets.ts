import { setTimeout as sleep } from "node:timers/promises";
import * as vscode from "vscode";
import { invalidInput, PacSpaceError } from "../../core/errors";
import { arrayField, recordOf, textField, textOf } from "../../core/model/fields";
import { takesConnections } from "../../send/reach";
import type { Task } from "../platform/task";

const entry = "sending.launch";
const lookEveryMs = 100;
/** A handler that is built first may take a while. */
const mostMs = 180_000;

interface Launch {
  readonly folder: vscode.WorkspaceFolder | undefined;
  readonly name: string;
  /** What VS Code is given: it looks names up in the folder's launch.json alone, and knows compounds by name only. */
  readonly start: string | vscode.DebugConfiguration;
}

/** The launch configurations and compounds of the workspace, as launch.json and the settings have them. */
function launches(): readonly Launch[] {
  const folders: readonly (vscode.WorkspaceFolder | undefined)[] = vscode.workspace.workspaceFolders ?? [undefined];
  const found = folders.flatMap((folder) => {
    const fields = recordOf(vscode.workspace.getConfiguration("launch", folder?.uri));
    const named = (section: string) =>
      (arrayField(fields, section) ?? []).flatMap((each) => {
        const entry = recordOf(each);
        const name = textField(entry, "name");
        return name === undefined ? [] : [{ folder, name, entry }];
      });
    return [
      ...named("compounds").map(({ name }) => ({ folder, name, start: name })),
      ...named("configurations").map(({ name, entry }) => ({
        ...{ folder, name },
        start: { ...entry, name, type: textField(entry, "type") ?? "", request: textField(entry, "request") ?? "" },
      })),
    ];
  });
  return found.filter((launch, at) => found.findIndex(({ name }) => name === launch.name) === at);
}

/** Starts a handler under the debugger where none runs. */
export class LaunchTargets {
  constructor(private readonly memory: vscode.Memento) {}

  /**
   * Asks which launch configuration starts the handler; the one chosen last stands first.
   * @throws PacSpaceError `invalid` when the workspace has none
   */
  async ask(title: string): Promise<string | undefined> {
    const last = textOf(this.memory.get<unknown>(entry));
    const items = launches()
      .map(({ folder, name }) => ({ label: name, description: folder?.name ?? "" }))
      .toSorted((left, right) => Number(right.label === last) - Number(left.label === last));
    if (items.length === 0)
      throw invalidInput(
        vscode.l10n.t(
          "Nothing listens there, and the workspace has no launch configuration to start. Start your handler, or add one to launch.json.",
        ),
      );
    const placeHolder = vscode.l10n.t(
      "Nothing listens there: choose the launch configuration that starts your handler",
    );
    const chosen = await vscode.window.showQuickPick(items, { title, placeHolder });
    if (chosen !== undefined) await this.memory.update(entry, chosen.label);
    return chosen?.label;
  }

  /**
   * Starts a launch configuration and waits until something listens at the URL.
   * @throws PacSpaceError `notFound` for an unknown name; `network` when it does not start, or ends before it listens;
   *   `timeout` when it listens to nothing within 3 minutes; `cancelled` by the task
   */
  async start(name: string, url: URL, task: Task): Promise<void> {
    const launch = launches().find((each) => each.name === name);
    if (launch === undefined) {
      throw new PacSpaceError("notFound", `There is no launch configuration named “${name}” in this workspace.`);
    }
    const running = new Set<string>();
    let began = false;
    const subscriptions = [
      vscode.debug.onDidStartDebugSession(({ id }) => {
        began = true;
        running.add(id);
      }),
      vscode.debug.onDidTerminateDebugSession(({ id }) => running.delete(id)),
    ];
    try {
      task.report(vscode.l10n.t("starting {0}", name));
      if (!(await vscode.debug.startDebugging(launch.folder, launch.start))) {
        throw new PacSpaceError("network", `“${name}” did not start. VS Code says why in its debug console.`);
      }
      task.report(vscode.l10n.t("waiting for {0}", url.host));
      await listening(url, () => !began || running.size > 0, name, task.signal);
    } finally {
      for (const subscription of subscriptions) subscription.dispose();
    }
  }
}

async function listening(url: URL, runs: () => boolean, name: string, signal: AbortSignal): Promise<void> {
  const end = performance.now() + mostMs;
  for (;;) {
    if (signal.aborted) throw new PacSpaceError("cancelled", "Waiting for the handler was cancelled.");
    if (await takesConnections(url)) return;
    if (!runs())
      throw new PacSpaceError(
        "network",
        `“${name}” ended before anything listened at ${url.origin}. Look into its debug console.`,
      );
    if (performance.now() > end) {
      throw new PacSpaceError(
        "timeout",
        `Nothing listens at ${url.origin} ${mostMs / 60_000} minutes after “${name}” was started. Correct the URL's port.`,
      );
    }
    await sleep(lookEveryMs, undefined, { signal }).catch(() => undefined);
  }
}
