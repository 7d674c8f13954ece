import * as vscode from "vscode";
import type { PacSpaceError } from "../../core/errors";
import { readBaseUrl, type Environment } from "../../core/model/environment";
import { addressProblem, readEnvironmentChoice } from "../platform/environments";
import type { Services } from "../services";
import type { Command } from "./command";

const icons = { production: "cloud", local: "vm", custom: "server-environment" } as const;

async function askOther(): Promise<string | undefined> {
  return vscode.window.showInputBox({
    title: vscode.l10n.t("Another PacSpace"),
    prompt: vscode.l10n.t("Its address, as your dashboard shows it"),
    placeHolder: "https://",
    ignoreFocusOut: true,
    validateInput: (text) => {
      try {
        readBaseUrl(text);
        return undefined;
      } catch (error) {
        return (error as PacSpaceError).message;
      }
    },
  });
}

async function askEnvironment({ environments }: Services): Promise<Environment | undefined> {
  const active = environments.active.environment;
  const items = environments.all().map((environment) => {
    const problem = addressProblem(environment);
    return {
      label: `$(${icons[environment.kind]}) ${environment.name}`,
      description:
        environment.name === active.name ? vscode.l10n.t("{0} (active)", environment.baseUrl) : environment.baseUrl,
      ...(problem !== undefined && { detail: `$(warning) ${problem}` }),
      environment,
    };
  });
  const other = { label: `$(add) ${vscode.l10n.t("Another address…")}`, description: "", environment: undefined };
  const chosen = await vscode.window.showQuickPick([...items, other], {
    title: vscode.l10n.t("Switch Environment"),
    placeHolder: vscode.l10n.t("Sessions, secrets and filters are kept apart per environment"),
  });
  if (chosen === undefined) return undefined;
  if (chosen.environment !== undefined) return chosen.environment;
  const baseUrl = await askOther();
  return baseUrl === undefined ? undefined : environments.find({ baseUrl });
}

/** Works in another environment from now on. */
export function switchEnvironmentCommand(
  services: Services,
): Command<Environment, { environment: string; signedIn: boolean }> {
  return {
    id: "pacspace.switchEnvironment",
    read: (argument) => services.environments.find(readEnvironmentChoice(argument)),
    ask: () => askEnvironment(services),
    run: async (environment) => {
      const account = await services.environments.switchTo(environment);
      return { environment: environment.name, signedIn: await account.hasSession() };
    },
  };
}
