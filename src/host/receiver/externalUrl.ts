import * as vscode from "vscode";

/**
 * The receiver's address as a browser on the person's machine reaches it; undefined when that is the same one, or when
 * VS Code can't tell it.
 */
export async function externalUrl(url: string): Promise<string | undefined> {
  const external = await vscode.env.asExternalUri(vscode.Uri.parse(url)).then(undefined, () => undefined);
  const text = external?.toString(true).replace(/\/$/, "");
  return text === url || vscode.env.remoteName === undefined ? undefined : text;
}
