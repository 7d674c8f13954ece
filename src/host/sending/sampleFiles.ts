import * as vscode from "vscode";
import { invalidInput, PacSpaceError } from "../../core/errors";
import { sampleTemplate } from "../../core/events/catalogue";
import { mostSampleBytes, sampleEvent, samplesFolder } from "../../core/events/sampleFile";

/** A sample as it stands in its file: placeholders are filled when it is sent. */
export interface Sample {
  readonly event: string;
  readonly payload: Uint8Array;
}

/** The text of a new sample. */
export function newSampleText(event: string): string {
  return `${JSON.stringify(sampleTemplate(event), undefined, 2)}\n`;
}

function nameOf(uri: vscode.Uri): string {
  return uri.path.slice(uri.path.lastIndexOf("/") + 1);
}

async function bytesOf(uri: vscode.Uri): Promise<Uint8Array> {
  const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
  if (open?.isUntitled === true) return new TextEncoder().encode(open.getText());
  // What is sent is the file's bytes: a document's text has lost its byte-order mark and its encoding.
  if (open?.isDirty === true && !(await open.save())) throw invalidInput(`${nameOf(uri)} could not be saved.`);
  try {
    const { size } = await vscode.workspace.fs.stat(uri);
    if (size > mostSampleBytes)
      throw invalidInput(`${nameOf(uri)} has ${Math.ceil(size / 1e6)} MB. A sample may have 10 MB at most.`);
    return await vscode.workspace.fs.readFile(uri);
  } catch (error) {
    if (!(error instanceof vscode.FileSystemError)) throw error;
    throw new PacSpaceError("notFound", `${nameOf(uri)} can't be read. Check that it is there.`, { cause: error });
  }
}

/**
 * Reads a sample from its file, or from an editor that holds one that is not saved yet.
 * @throws PacSpaceError `notFound` without the file; `invalid` for what is no sample
 */
export async function readSample(uri: vscode.Uri): Promise<Sample> {
  const payload = await bytesOf(uri);
  return { event: sampleEvent(payload, nameOf(uri)), payload };
}

/** The samples that the workspace keeps. */
export async function sampleFiles(): Promise<readonly vscode.Uri[]> {
  const found = await vscode.workspace.findFiles(`${samplesFolder}/*.json`, null, 200);
  return found.toSorted((left, right) => left.path.localeCompare(right.path));
}

/** Where a sample of this name is kept. */
export function sampleUri(folder: vscode.WorkspaceFolder, fileName: string): vscode.Uri {
  return vscode.Uri.joinPath(folder.uri, samplesFolder, fileName);
}

/** Whether there is something at a place. */
export async function exists(uri: vscode.Uri): Promise<boolean> {
  return vscode.workspace.fs.stat(uri).then(
    () => true,
    () => false,
  );
}

/**
 * Writes a sample, whole or not at all.
 * @throws PacSpaceError `conflict` when there is one already and it may not be replaced
 */
export async function writeSample(uri: vscode.Uri, text: string, overwrite: boolean): Promise<void> {
  if (!overwrite && (await exists(uri))) {
    throw new PacSpaceError("conflict", `${nameOf(uri)} is there already: pass overwrite: true to replace it.`);
  }
  const folder = vscode.Uri.joinPath(uri, "..");
  await vscode.workspace.fs.createDirectory(folder);
  const partial = vscode.Uri.joinPath(folder, `.${nameOf(uri)}.${crypto.randomUUID()}.part`);
  try {
    await vscode.workspace.fs.writeFile(partial, new TextEncoder().encode(text));
    await vscode.workspace.fs.rename(partial, uri, { overwrite });
  } catch (error) {
    await vscode.workspace.fs.delete(partial).then(undefined, () => undefined);
    throw new PacSpaceError(
      "invalid",
      `${nameOf(uri)} could not be written. Check that its folder can be written to.`,
      {
        cause: error,
      },
    );
  }
}

/** Opens a new sample, unsaved: at the place where it is kept when it is saved, if that is free. */
export async function openSample(event: string): Promise<void> {
  const folder = vscode.workspace.workspaceFolders?.[0];
  const kept = folder && sampleUri(folder, `${event.replaceAll(/[^\w.-]/g, "_")}.json`);
  const free = kept !== undefined && !(await exists(kept));
  // Its path is what the schema goes by, and the button in the editor's title.
  const path = `/${samplesFolder}/${event.replaceAll(/[^\w.-]/g, "_")}-${Date.now().toString(36)}.json`;
  const uri = free ? kept.with({ scheme: "untitled" }) : vscode.Uri.from({ scheme: "untitled", path });
  const document = await vscode.workspace.openTextDocument(uri);
  const editor = await vscode.window.showTextDocument(document);
  if (document.getText() !== "") return;
  await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), newSampleText(event)));
}
