import { randomBytes } from "node:crypto";
import * as vscode from "vscode";
import { panelHtml } from "./panelHtml";

/** Loads the inspector's page into a panel; it may read the page's own files and nothing else. */
export function showPage(panel: vscode.WebviewPanel, extensionUri: vscode.Uri): void {
  const { webview } = panel;
  const root = vscode.Uri.joinPath(extensionUri, "dist", "webview");
  const address = (name: string): string => webview.asWebviewUri(vscode.Uri.joinPath(root, name)).toString();
  panel.iconPath = vscode.Uri.joinPath(extensionUri, "media", "icon.png");
  webview.options = { enableScripts: true, localResourceRoots: [root] };
  webview.html = panelHtml(
    {
      script: address("inspector.js"),
      styles: address("inspector.css"),
      icons: address("codicon.css"),
      source: webview.cspSource,
    },
    randomBytes(16).toString("base64url"),
  );
}
