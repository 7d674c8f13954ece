import * as vscode from "vscode";
import { invalidInput, PacSpaceError } from "../../core/errors";
import { handlerTemplates, type HandlerTemplate } from "../../core/handlers";
import { textField } from "../../core/model/fields";
import type { Services } from "../services";
import type { Command } from "./command";
import { requiredText } from "./prompts";

interface Input {
  readonly template: HandlerTemplate;
  /** The file to write; a document that is not saved yet when absent. */
  readonly uri?: vscode.Uri | undefined;
  readonly overwrite: boolean;
}

function templateOf(id: string): HandlerTemplate {
  const template = handlerTemplates.find((candidate) => candidate.id === id);
  if (template === undefined) {
    throw invalidInput(`framework must be one of ${handlerTemplates.map((known) => known.id).join(", ")}.`);
  }
  return template;
}

async function exists(uri: vscode.Uri): Promise<boolean> {
  return vscode.workspace.fs.stat(uri).then(
    () => true,
    () => false,
  );
}

/** Where the document will be saved by default; undefined where there is no folder, or a file is there already. */
async function suggestedUri({ saveAs }: HandlerTemplate): Promise<vscode.Uri | undefined> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  if (folder === undefined) return undefined;
  const uri = vscode.Uri.joinPath(folder, saveAs);
  return (await exists(uri)) ? undefined : uri.with({ scheme: "untitled" });
}

async function openUnsaved(template: HandlerTemplate, content: string): Promise<vscode.Uri> {
  const uri = await suggestedUri(template);
  const document =
    uri === undefined
      ? await vscode.workspace.openTextDocument({ language: template.language, content })
      : await vscode.workspace.openTextDocument(uri);
  const editor = await vscode.window.showTextDocument(document);
  if (document.getText() === "") {
    await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), content));
  }
  return document.uri;
}

/** Writes a webhook handler for a framework: into a file, or into a document that is not saved yet. */
export function generateHandlerCommand(services: Services): Command<Input, { uri: string }> {
  return {
    id: "pacspace.generateHandler",
    read: (argument) => {
      const uri = textField(argument, "uri");
      return {
        template: templateOf(requiredText(argument, "framework", "the handler's framework")),
        ...(uri !== undefined && { uri: vscode.Uri.parse(uri, true) }),
        overwrite: argument.overwrite === true,
      };
    },
    ask: async () => {
      const items = handlerTemplates.map((template) => ({
        label: template.label,
        description: template.saveAs,
        template,
      }));
      const chosen = await vscode.window.showQuickPick(items, {
        title: vscode.l10n.t("Generate a Webhook Handler"),
        placeHolder: vscode.l10n.t("Choose a framework"),
        matchOnDescription: true,
      });
      return chosen && { template: chosen.template, overwrite: false };
    },
    run: async ({ template, uri, overwrite }) => {
      const source = vscode.Uri.joinPath(services.extensionUri, "media", "handlers", template.file);
      const bytes = await vscode.workspace.fs.readFile(source);
      if (uri === undefined)
        return { uri: (await openUnsaved(template, Buffer.from(bytes).toString("utf8"))).toString() };
      if (!overwrite && (await exists(uri))) {
        throw new PacSpaceError("conflict", `${uri.fsPath} is there already: pass overwrite: true to replace it.`);
      }
      await vscode.workspace.fs.writeFile(uri, bytes);
      return { uri: uri.toString() };
    },
    announce: (_, { template }) => ({
      severity: "information",
      message: vscode.l10n.t(
        "A handler for {0}. Save it, set PACSPACE_WEBHOOK_SECRET, start it, and prove it.",
        template.label,
      ),
      choices: [
        {
          label: vscode.l10n.t("Prove a Handler…"),
          run: () => vscode.commands.executeCommand("pacspace.proveHandler"),
        },
      ],
    }),
  };
}
