import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { BrowserContext, Locator, Page } from "playwright-core";
import * as v from "valibot";
import { launchBrowser } from "../../scripts/browser.mjs";
import { root } from "../../scripts/root.mjs";
import { ensureChromium } from "../../scripts/setup.mjs";
import { makeTemporary, removeTemporary } from "../../scripts/temporary.mjs";
import { panelHtml } from "../../src/host/panel/panelHtml";
import type { HostMessage } from "../../src/protocol/hostMessages";
import { panelMessageSchema, type PanelMessage } from "../../src/protocol/panelMessages";
import { axe, type Violation } from "../ui/harness/axe";
import { until } from "../ui/harness/until";
import { screenshot } from "../ui/harness/pictures";
import themes from "./themes.json";

/** The colour themes whose variables are at hand: VS Code's own default ones. */
export type Theme = keyof typeof themes;

/** Every one of them. */
export const themeNames = Object.keys(themes) as readonly Theme[];

const types: Readonly<Record<string, string>> = { css: "text/css", js: "text/javascript", ttf: "font/ttf" };

/** What VS Code gives a webview: its API for messages and state, and the theme as variables on the root. */
function webviewScript(theme: Theme): string {
  return `
    const { bodyClass, variables } = ${JSON.stringify(themes[theme])};
    new MutationObserver((changes, observer) => {
      if (document.body === null) return;
      observer.disconnect();
      document.body.className = bodyClass;
      for (const [name, value] of Object.entries(variables)) document.documentElement.style.setProperty(name, value);
    }).observe(document, { childList: true, subtree: true });
    window.acquireVsCodeApi = () => ({
      postMessage: (message) => void window.hostReceives(message),
      getState: () => JSON.parse(sessionStorage.getItem("state") ?? "null") ?? undefined,
      setState: (state) => sessionStorage.setItem("state", JSON.stringify(state)),
    });
  `;
}

/** A browser, and a server that has the panel's built files; for all pages of a run. */
export class PanelBrowser {
  private constructor(
    readonly context: BrowserContext,
    private readonly server: Server,
    private readonly profile: string,
  ) {}

  /** @param zoom by how much its pages are zoomed: each CSS pixel takes as many of the screen's, to both sides */
  static async start(zoom = 1): Promise<PanelBrowser> {
    const server = createServer((request, response) => {
      const name = (request.url ?? "/").slice(1).replace(/\?.*/, "");
      const origin = `http://${request.headers.host ?? ""}`;
      if (name === "") {
        const files = { script: "inspector.js", styles: "inspector.css", icons: "codicon.css", source: origin };
        response.setHeader("Content-Type", "text/html");
        response.end(panelHtml(files, "nonce-of-this-test"));
        return;
      }
      try {
        const content = readFileSync(join(root, "dist/webview", name));
        response.setHeader("Content-Type", types[name.split(".").at(-1) ?? ""] ?? "application/octet-stream");
        response.end(content);
      } catch {
        response.statusCode = 404;
        response.end();
      }
    });
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    const profile = makeTemporary("panel");
    const context = await launchBrowser({ executable: await ensureChromium(), profileDir: profile, zoom });
    return new PanelBrowser(context, server, profile);
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    await this.context.close();
    this.server.close();
    removeTemporary(this.profile);
  }
}

/** The panel's page as built, with the test in the host's place. */
export class PanelPage {
  /** What the page told the host, oldest first. */
  readonly received: PanelMessage[] = [];
  /** What went wrong: console errors, uncaught errors, messages that are not in the protocol. */
  readonly errors: string[] = [];
  #examined = false;
  /** Called when the page shows what the host said when it was ready. */
  #onShown = (): void => undefined;

  private constructor(readonly page: Page) {}

  /**
   * Opens the page.
   * @param scene what the host says when the page is ready, then and after each reload
   */
  static async open(
    browser: PanelBrowser,
    theme: Theme,
    width: number,
    scene: readonly HostMessage[],
  ): Promise<PanelPage> {
    const page = await browser.context.newPage();
    const panel = new PanelPage(page);
    const shown = new Promise<void>((resolve) => (panel.#onShown = resolve));
    await page.setViewportSize({ width, height: 800 });
    page.on("pageerror", (error) => panel.errors.push(error.message));
    page.on("console", (message) => {
      const isTrouble = message.type() === "error" || message.type() === "warning";
      if (isTrouble && !panel.#examined) panel.errors.push(message.text());
    });
    await page.exposeFunction("hostReceives", async (message: unknown) => {
      const read = v.safeParse(panelMessageSchema, message);
      if (!read.success) panel.errors.push(`not in the protocol: ${JSON.stringify(message)}`);
      else panel.received.push(read.output);
      if (!read.success || read.output.type !== "ready") return;
      await panel.send(...scene);
      panel.#onShown();
    });
    await page.addInitScript(webviewScript(theme));
    await page.goto(browser.origin);
    await shown;
    return panel;
  }

  /** Loads the page anew, as VS Code does with one that was hidden. */
  async reload(): Promise<void> {
    const shown = new Promise<void>((resolve) => (this.#onShown = resolve));
    await this.page.reload();
    await shown;
  }

  async send(...messages: readonly object[]): Promise<void> {
    for (const message of messages) await this.page.evaluate(`window.postMessage(${JSON.stringify(message)}, "*")`);
    await this.settled();
  }

  /** Fonts are loaded, and the page has drawn what it was told. */
  async settled(): Promise<void> {
    await this.page.evaluate(`(async () => {
      await document.fonts.ready;
      for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame);
    })()`);
  }

  /**
   * Takes a picture and lets axe look for violations. Both bring style elements of their own, which the page's policy
   * refuses with a word on the console.
   */
  async examine(name: string): Promise<readonly Violation[]> {
    this.#examined = true;
    await screenshot(this.page, name, true);
    const violations = await axe(this.page.mainFrame());
    await this.settled();
    this.#examined = false;
    return violations;
  }

  /**
   * Waits until the page has told the host something.
   * @param times how often, with what it told before
   */
  async told(message: PanelMessage, times = 1): Promise<void> {
    const wanted = JSON.stringify(message);
    const told = (): number => this.received.filter((candidate) => JSON.stringify(candidate) === wanted).length;
    await until(`the page tells ${wanted}`, () => Promise.resolve(told() >= times));
  }

  button(name: string): Locator {
    return this.page.getByRole("button", { name, exact: true });
  }

  tab(name: string): Locator {
    return this.page.getByRole("tab", { name });
  }

  /** What VS Code would keep of the panel. */
  async state(): Promise<unknown> {
    return this.page.evaluate('JSON.parse(sessionStorage.getItem("state"))');
  }

  close(): Promise<void> {
    return this.page.close();
  }
}
