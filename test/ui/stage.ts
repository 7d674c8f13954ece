import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Frame, Locator, Page } from "playwright-core";
import { clearNotifications } from "./harness/messages";
import { Session } from "./harness/session";
import { until } from "./harness/until";
import { expandView, openContainer, rowMenu, treeRows, welcome } from "./harness/views";
import { webview } from "./harness/webview";
import { readClipboard, writeClipboard } from "./harness/workbench";

export const webhooks = "Webhooks";
export const deliveries = "Deliveries";

let session: Promise<Session> | undefined;

/** The one VS Code of the suite, with the packed extension installed: started by the first test that needs it. */
export function theSession(): Promise<Session> {
  // The simple dialog can be typed into; a system's can't.
  session ??= Session.start({
    settings: { "files.simpleDialog.enable": true },
    viewport: { width: 1360, height: 860 },
  });
  return session;
}

after(async () => (await session)?.stop());

/** Shows the PacSpace container with both views unfolded. */
export async function openSidebar(page: Page): Promise<void> {
  await openContainer(page, "PacSpace");
  await expandView(page, webhooks);
  await expandView(page, deliveries);
}

/** Opens a window on Local PacSpace's demo account, started from the welcome view where it doesn't run yet. */
export async function signedIn(): Promise<Page> {
  const page = await (await theSession()).openWindow();
  await openSidebar(page);
  const start = welcome(page, webhooks).getByRole("button", { name: "Start Local PacSpace" });
  await start.or(treeRows(page, webhooks).first()).first().waitFor();
  if (await start.isVisible()) await start.click();
  await treeRows(page, webhooks).first().waitFor();
  await treeRows(page, deliveries).first().waitFor();
  await clearNotifications(page);
  return page;
}

/** @returns what Copy Secret gives; undefined while the row has no such item */
export async function copiedSecret(page: Page, row: Locator): Promise<string | undefined> {
  await writeClipboard(page, "");
  await row.click({ button: "right" });
  const menu = page.locator(".monaco-menu");
  await menu.waitFor();
  if (!(await menu.getByRole("menuitem", { name: "Copy Secret…", exact: true }).isVisible())) {
    await page.keyboard.press("Escape");
    return undefined;
  }
  await page.keyboard.press("Escape");
  await rowMenu(row, "Copy Secret…");
  await until("the secret is on the clipboard", async () => (await readClipboard(page)) !== "");
  return readClipboard(page);
}

/** The titles of what is in front: one in each group of editors. */
function titles(page: Page, title: RegExp): Locator {
  return page.locator(".tabs-container .tab.active .label-name").filter({ hasText: title });
}

/** The inspector that is in front. A delivery's title names the event and the end of the delivery's id. */
export async function inspector(page: Page, title = /·/): Promise<Frame> {
  return webview(page, await titles(page, title).innerText());
}

/** Opens what a row stands for in the inspector. */
export async function inspect(page: Page, row: () => Promise<Locator>, title = /·/): Promise<Frame> {
  await until("the inspector is open", async () => {
    // VS Code drops a click on a row that it draws anew just then: a person clicks again after a while.
    await (await row()).click();
    return titles(page, title)
      .waitFor({ timeout: 5_000 })
      .then(
        () => true,
        () => false,
      );
  });
  return inspector(page, title);
}

export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A handler on this machine that takes everything and keeps it. */
export class Handler {
  readonly received: Received[] = [];
  readonly #server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      this.received.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
      response.end("seen");
    });
  });

  /**
   * @param port any free one when not given
   * @returns the URL of its endpoint
   */
  async listen(port = 0): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(port, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/webhooks/pacspace`;
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  /** Waits for the next request. */
  async next(): Promise<Received> {
    const before = this.received.length;
    await until("the handler gets a request", () => Promise.resolve(this.received.length > before));
    return this.received[before]!;
  }
}
