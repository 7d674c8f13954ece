/** Where the page's parts are, as addresses that the webview can load. */
export interface PanelAssets {
  readonly script: string;
  readonly styles: string;
  readonly icons: string;
  /** What the Content-Security-Policy calls the extension's own files. */
  readonly source: string;
}

/**
 * The panel's page. It runs one script, loads two style sheets and a font, all the extension's own, and nothing else:
 * no inline style, no image, no connection.
 * @param nonce fresh for each page
 */
export function panelHtml({ script, styles, icons, source }: PanelAssets, nonce: string): string {
  const policy = `default-src 'none'; script-src 'nonce-${nonce}'; style-src ${source}; font-src ${source}`;
  return `<!DOCTYPE html>
<html lang="en">
  <head>
    <meta charset="UTF-8" />
    <meta http-equiv="Content-Security-Policy" content="${policy}" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>PacSpace inspector</title>
    <link rel="stylesheet" href="${icons}" id="vscode-codicon-stylesheet" />
    <link rel="stylesheet" href="${styles}" />
  </head>
  <body>
    <pacspace-inspector></pacspace-inspector>
    <script nonce="${nonce}" src="${script}"></script>
  </body>
</html>
`;
}
