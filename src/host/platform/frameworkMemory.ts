import * as vscode from "vscode";
import { frameworkNames, type Framework } from "../../core/model/diagnosis";
import { guessFramework, manifestGlob, type Manifest } from "./guessFramework";

const entry = "pacspace.framework";
const mostManifests = 40;
const mostBytes = 1_000_000;
const passedOver = "**/{node_modules,vendor,.venv,venv,dist,build,target,bin,obj}/**";

function isFramework(value: unknown): value is Framework {
  return typeof value === "string" && Object.hasOwn(frameworkNames, value);
}

async function manifestOf(uri: vscode.Uri): Promise<readonly Manifest[]> {
  try {
    const { size } = await vscode.workspace.fs.stat(uri);
    if (size > mostBytes) return [];
    const bytes = await vscode.workspace.fs.readFile(uri);
    return [{ path: vscode.workspace.asRelativePath(uri, true), text: new TextDecoder().decode(bytes) }];
  } catch {
    // Gone meanwhile, or not to be read: the others may tell.
    return [];
  }
}

/** For which framework code is shown: as chosen in this workspace, else as its manifests tell, else as last chosen. */
export class FrameworkMemory {
  #guess: Promise<Framework | undefined> | undefined;

  constructor(
    private readonly workspaceState: vscode.Memento,
    private readonly globalState: vscode.Memento,
  ) {}

  async read(): Promise<Framework> {
    const chosen = this.workspaceState.get<unknown>(entry);
    if (isFramework(chosen)) return chosen;
    const guessed = await (this.#guess ??= this.#look());
    if (guessed !== undefined) return guessed;
    const last = this.globalState.get<unknown>(entry);
    return isFramework(last) ? last : "express";
  }

  async choose(framework: Framework): Promise<void> {
    await this.workspaceState.update(entry, framework);
    await this.globalState.update(entry, framework);
  }

  async #look(): Promise<Framework | undefined> {
    const files = await vscode.workspace.findFiles(manifestGlob, passedOver, mostManifests);
    return guessFramework((await Promise.all(files.map(manifestOf))).flat());
  }
}
