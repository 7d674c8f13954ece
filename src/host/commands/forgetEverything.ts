import { readdir } from "node:fs/promises";
import * as path from "node:path";
import * as vscode from "vscode";
import { PacSpaceError } from "../../core/errors";
import { lockDirectory } from "../../local/directoryLock";
import { documentScheme } from "../documents/documentScheme";
import type { Services } from "../services";
import type { Command } from "./command";
import { forgetAll, takeInventory, type MemoryInventory } from "./memoryInventory";
import { confirmLoss, requireConfirmation } from "./prompts";

type Forgotten = Omit<MemoryInventory, "environments">;

function inWords({ sessions, secrets, earlierSecrets, remembered, files }: Forgotten): string {
  const { t } = vscode.l10n;
  return [
    sessions === 1 ? t("1 session") : t("{0} sessions", sessions),
    secrets === 1 ? t("1 webhook secret") : t("{0} webhook secrets", secrets),
    earlierSecrets === 1 ? t("1 earlier one") : t("{0} earlier ones", earlierSecrets),
    remembered === 1 ? t("1 remembered choice") : t("{0} remembered choices", remembered),
    files === 1
      ? t("1 file of Local PacSpace, of captures or of retries")
      : t("{0} files of Local PacSpace, of captures and of retries", files),
  ].join(", ");
}

async function confirmed(services: Services): Promise<true | undefined> {
  const inventory = await takeInventory(services.memory);
  const message = vscode.l10n.t("Forget everything that Webhooks for PacSpace keeps on this machine?");
  const detail = vscode.l10n.t(
    "Lost for good: {0}. They belong to: {1}. PacSpace never shows a webhook's secret again, so this may be the only copy; webhooks that are still in use have to be created anew. Local PacSpace is stopped. Settings stay, and what other workspaces remember, which holds no secret.",
    inWords(inventory),
    inventory.environments.join(", ") || vscode.l10n.t("no environment"),
  );
  return (await confirmLoss(message, detail, vscode.l10n.t("Forget Everything"))) ? true : undefined;
}

/** Throws PacSpaceError `conflict` when another window's Local PacSpace, or one in a terminal, has its data open. */
async function requireFree(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    try {
      lockDirectory(path.join(folder, name))();
    } catch (error) {
      throw new PacSpaceError(
        "conflict",
        "Local PacSpace runs in another window. Stop it there first; nothing was forgotten.",
        { cause: error },
      );
    }
  }
}

/** Panels and documents hold what was read, and drafts. */
async function closeEditors(): Promise<void> {
  const isOurs = ({ input }: vscode.Tab): boolean =>
    (input instanceof vscode.TabInputWebview && input.viewType.includes("pacspace.")) ||
    (input instanceof vscode.TabInputText && input.uri.scheme.startsWith(documentScheme)) ||
    (input instanceof vscode.TabInputTextDiff && input.modified.scheme.startsWith(documentScheme));
  await vscode.window.tabGroups.close(vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs.filter(isOurs)));
}

/** Forgets all that the extension keeps, of all environments, and reads back that nothing is left. */
export function forgetEverythingCommand(services: Services): Command<true, { forgotten: Forgotten }> {
  return {
    id: "pacspace.forgetEverything",
    progress: { place: { view: "pacspace.webhooks" }, title: vscode.l10n.t("Forgetting everything…") },
    read: (argument) => {
      requireConfirmation(argument, "Forgetting everything");
      return true;
    },
    ask: () => confirmed(services),
    run: async () => {
      const { environments, local, memory, receiver } = services;
      await local.stop();
      await requireFree(memory.localFolder);
      await receiver.forget();
      await closeEditors();
      const { environments: _names, ...forgotten } = await takeInventory(memory);
      await services.account().signOut();
      await forgetAll(memory);
      await environments.startAnew();
      return { forgotten };
    },
    announce: ({ forgotten }) => ({
      severity: "information",
      message: vscode.l10n.t(
        "Forgotten: {0}. It was read back that nothing is left. PacSpace itself still has your webhooks, and a session ends there by itself.",
        inWords(forgotten),
      ),
    }),
  };
}
