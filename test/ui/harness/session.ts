import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { BrowserContext, Page } from "playwright-core";
import { launchBrowser } from "../../../scripts/browser.mjs";
import {
  installVsix,
  setKeys,
  startCodeServer,
  updateSettings,
  type RunningCodeServer,
} from "../../../scripts/codeServer.mjs";
import { ensureChromium, ensureCodeServer, type CodeServer } from "../../../scripts/setup.mjs";
import { makeTemporary, removeTemporary } from "../../../scripts/temporary.mjs";
import { collectErrors } from "./consoleErrors";
import { until } from "./until";
import { reloadWindow, waitForWorkbench } from "./workbench";

/** What a session starts with. */
export interface SessionOptions {
  /** Packed extensions to install; the shipped one when absent. */
  readonly vsix?: readonly string[];
  /** User settings on top of those that keep the workbench quiet. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Opens the workspace as one that nobody vouches for: in Restricted Mode, and without asking. */
  readonly untrusted?: boolean;
  /** Keys of the user's own, each with the command it runs. */
  readonly keys?: readonly { readonly key: string; readonly command: string; readonly args?: unknown }[];
  /** In CSS pixels; 1280 × 800 when absent. */
  readonly viewport?: { readonly width: number; readonly height: number };
}

/** Well below how long a test waits for what ends with a window. */
const graceSeconds = 10;

/** Sessions that run now, for whoever wants to see what they show. */
const running = new Set<Session>();

/** @returns all windows of all sessions that run now */
export function openPages(): Page[] {
  return [...running].flatMap((session) => session.context.pages());
}

/** One VS Code with its extensions, settings and browser profile, on temporary folders of its own. */
export class Session {
  /** An empty folder, open in every window. */
  readonly workspace: string;
  readonly #directory: string;
  readonly #codeServer: CodeServer;
  readonly #chromium: string;
  readonly #viewport: SessionOptions["viewport"];
  readonly #untrusted: boolean;
  #server: RunningCodeServer | undefined;
  #context: BrowserContext | undefined;

  private constructor(directory: string, codeServer: CodeServer, chromium: string, options: SessionOptions) {
    this.#directory = directory;
    this.#codeServer = codeServer;
    this.#chromium = chromium;
    this.#viewport = options.viewport;
    this.#untrusted = options.untrusted ?? false;
    this.workspace = join(directory, "workspace");
    mkdirSync(this.workspace);
  }

  /**
   * Starts VS Code with packed extensions installed. `PACSPACE_VSIX` names the shipped one's file.
   * @throws {Error} when there is no package, or VS Code cannot be had or started
   */
  static async start(options: SessionOptions = {}): Promise<Session> {
    const shipped = process.env.PACSPACE_VSIX;
    const packages = options.vsix ?? (shipped ? [shipped] : []);
    if (packages.length === 0) throw new Error("PACSPACE_VSIX names no package. Start the suite by test/ui/run.mjs.");
    const session = new Session(makeTemporary("ui"), await ensureCodeServer(), await ensureChromium(), options);
    for (const vsix of packages) {
      await installVsix({ codeServer: session.#codeServer, stateDir: session.#stateDir, vsix });
    }
    const trust = options.untrusted === true ? { "security.workspace.trust.startupPrompt": "never" } : {};
    updateSettings(session.#stateDir, { ...trust, ...options.settings });
    if (options.keys !== undefined) setKeys(session.#stateDir, options.keys);
    await session.#start(0);
    running.add(session);
    return session;
  }

  get #stateDir(): string {
    return join(this.#directory, "code-server");
  }

  /** The browser's profile: all windows share its storage. */
  get context(): BrowserContext {
    if (!this.#context) throw new Error("The session has been stopped.");
    return this.#context;
  }

  async #start(port: number): Promise<void> {
    this.#server = await startCodeServer({
      codeServer: this.#codeServer,
      stateDir: this.#stateDir,
      port,
      graceSeconds,
      workspaceTrust: this.#untrusted,
    });
    this.#context = await launchBrowser({
      executable: this.#chromium,
      profileDir: join(this.#directory, "profile"),
      permissions: ["clipboard-read", "clipboard-write"],
      ...(this.#viewport ? { viewport: this.#viewport } : {}),
    });
  }

  async #stop(): Promise<void> {
    await this.#context?.close();
    await this.#server?.stop();
    this.#context = undefined;
  }

  /**
   * Opens a window on the workspace, beside those there are; its workbench is up when this returns. Those that were
   * closed have ended by then: else what one of them started would serve the new one, and be gone in the middle of it.
   */
  async openWindow(): Promise<Page> {
    if (!this.#server) throw new Error("The session has been stopped.");
    await this.closedWindowsEnded();
    const blank = this.context.pages().find((page) => page.url() === "about:blank");
    const page = blank ?? (await this.context.newPage());
    collectErrors(page);
    await page.goto(this.#server.url({ folder: this.workspace }));
    await waitForWorkbench(page);
    return page;
  }

  /** Waits until the extensions of windows that were closed have ended, and with them what they had started. */
  async closedWindowsEnded(): Promise<void> {
    const origin = this.#server?.origin ?? "";
    await until("the windows that were closed have ended", async () => {
      const open = this.context.pages().filter((page) => page.url().startsWith(origin));
      return (await extensionHosts(this.#stateDir)).length <= open.length;
    });
  }

  /** Ends VS Code and the browser, and starts both again on the same profile and origin, with no window open. */
  async restart(): Promise<void> {
    const port = this.#server?.port ?? 0;
    await this.#stop();
    await this.#start(port);
  }

  /**
   * Ends the extension hosts of all windows by SIGKILL, as a crash does.
   * @throws {Error} when there is none
   */
  async killExtensionHosts(): Promise<void> {
    (await this.extensionHostKiller())();
  }

  /**
   * As {@link killExtensionHosts}, for a moment that doesn't wait until the processes have been looked for.
   * @returns what ends those that run now
   * @throws {Error} when there is none
   */
  async extensionHostKiller(): Promise<() => void> {
    const hosts = await extensionHosts(this.#stateDir);
    if (hosts.length === 0) throw new Error("No extension host runs.");
    return () => hosts.forEach((pid) => process.kill(pid, "SIGKILL"));
  }

  /** @returns what the extension hosts of all windows have written into their logs until now */
  extensionHostLog(): string {
    const logs = join(this.#stateDir, "user/logs");
    const files = readdirSync(logs, { recursive: true, encoding: "utf8" });
    return files
      .filter((file) => file.endsWith("remoteexthost.log"))
      .map((file) => readFileSync(join(logs, file), "utf8"))
      .join("\n");
  }

  /** Sets user settings beside those there are, and reloads every open window, since none sees it otherwise. */
  async setSettings(settings: Readonly<Record<string, unknown>>): Promise<void> {
    updateSettings(this.#stateDir, settings);
    for (const page of this.context.pages()) await reloadWindow(page);
  }

  /** Ends VS Code and the browser, and removes all they wrote. */
  async stop(): Promise<void> {
    running.delete(this);
    await this.#stop();
    this.#server = undefined;
    removeTemporary(this.#directory);
  }
}

/** The processes that run extensions for the VS Code of a state directory: it is their home's parent. */
async function extensionHosts(stateDir: string): Promise<readonly number[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const read = (pid: string, file: string): Promise<string> => readFile(`/proc/${pid}/${file}`, "utf8").catch(() => "");
  const found = await Promise.all(
    pids.map(async (pid) => {
      const isHost = (await read(pid, "cmdline")).includes("--type=extensionHost");
      return isHost && (await read(pid, "environ")).includes(join(stateDir, "home"));
    }),
  );
  return pids.filter((_, index) => found[index]).map(Number);
}
