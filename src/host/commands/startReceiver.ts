import * as vscode from "vscode";
import { invalidInput, isPacSpaceError } from "../../core/errors";
import { textField, type Fields } from "../../core/model/fields";
import { settings } from "../platform/settings";
import { checkForwardUrl } from "../receiver/forwardUrl";
import type { Services } from "../services";
import type { Command } from "./command";

interface Start {
  readonly port?: number;
  readonly forwardTo?: string;
}

function readPort({ port }: Fields): number | undefined {
  if (port === undefined) return undefined;
  if (typeof port === "number" && Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw invalidInput("port must be a whole number from 0 (any free port) to 65535.");
}

function forwardProblem(text: string): string | undefined {
  if (text.trim() === "") return undefined;
  try {
    checkForwardUrl(text.trim());
    return undefined;
  } catch (error) {
    return isPacSpaceError(error) ? error.message : String(error);
  }
}

/**
 * Asks where captures are forwarded to.
 * @returns empty for nowhere, undefined when the person gave up
 */
export async function askForwardUrl(title: string, value: string): Promise<string | undefined> {
  const url = await vscode.window.showInputBox({
    title,
    prompt: vscode.l10n.t("Your handler's URL: each capture is sent on to it. Leave it empty to capture alone"),
    placeHolder: "http://localhost:3000/webhooks/pacspace",
    value,
    ignoreFocusOut: true,
    validateInput: forwardProblem,
  });
  return url?.trim();
}

/** Opens the local endpoint that captures deliveries, and shows its view. */
export function startReceiverCommand(services: Services): Command<Start, { readonly url: string }> {
  return {
    id: "pacspace.startReceiver",
    progress: { place: { view: "pacspace.captures" }, title: vscode.l10n.t("Starting the receiver…") },
    read: (argument) => {
      const port = readPort(argument);
      const forwardTo = textField(argument, "forwardTo");
      if (forwardTo !== undefined) checkForwardUrl(forwardTo);
      return { ...(port !== undefined && { port }), ...(forwardTo !== undefined && { forwardTo }) };
    },
    ask: async () => {
      const before = services.receiver.wanted?.forwardTo ?? settings.handlerUrl();
      const url = await askForwardUrl(vscode.l10n.t("Start the Receiver"), before);
      if (url === undefined) return undefined;
      await vscode.commands.executeCommand("pacspace.captures.focus");
      return url === "" ? {} : { forwardTo: url };
    },
    run: async (start) => ({ url: await (await services.receiver.get()).start(start) }),
    announce: ({ url }) => ({
      severity: "information",
      message: vscode.l10n.t("The receiver listens at {0}.", url),
      choices: [
        { label: vscode.l10n.t("Copy URL"), run: () => vscode.env.clipboard.writeText(url) },
        {
          label: vscode.l10n.t("Create Webhook"),
          run: () => vscode.commands.executeCommand("pacspace.createWebhook", services.captures.receiverNode()),
        },
      ],
    }),
  };
}
