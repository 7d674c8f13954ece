import * as vscode from "vscode";
import { problemOf } from "../../core/errors";
import { parseUrl } from "../../core/model/environment";
import { readTargetUrl } from "../../send/targetUrl";
import { pickKey, secretOf, type KeyChoice } from "../platform/keyChoice";
import { RemoteConsent } from "../platform/remoteConsent";
import { settings } from "../platform/settings";
import type { Services } from "../services";

/** The handler that is proven, and the key that it was given. */
export interface ProofTarget {
  readonly url: string;
  readonly secret: string;
}

/** Finds out which handler is meant: by the setting and the choice made before, else by asking once. */
export class ProofTargets {
  #key: KeyChoice | undefined;
  readonly #consent = new RemoteConsent();

  constructor(
    private readonly services: Services,
    private readonly memory: vscode.Memento,
  ) {}

  /** Forgets what was chosen, so that the next run asks again. */
  async ask(): Promise<ProofTarget | undefined> {
    const url = await askUrl(settings.handlerUrl());
    if (url === undefined) return undefined;
    await rememberUrl(url);
    this.#key = await this.#askKey();
    return this.#key && this.#confirmedTarget(url, this.#key);
  }

  /** The target of this workspace; asks for what is not known yet. Undefined when the person gave up. */
  async current(): Promise<ProofTarget | undefined> {
    const url = settings.handlerUrl() || (await askUrl(""));
    if (url === undefined) return undefined;
    if (url !== settings.handlerUrl()) await rememberUrl(url);
    this.#key ??= (await this.#rememberedKey()) ?? (await this.#askKey());
    return this.#key && this.#confirmedTarget(url, this.#key);
  }

  async #confirmedTarget(url: string, key: KeyChoice): Promise<ProofTarget | undefined> {
    const parsed = parseUrl(url);
    const detail = vscode.l10n.t(
      "It is not this machine. The proof sends about thirty requests there, good and bad ones, signed with the chosen secret.",
    );
    const question = (origin: string): string => vscode.l10n.t("Send the proof's requests to {0}?", origin);
    if (parsed !== undefined && !(await this.#consent.ask(parsed, question, detail))) return undefined;
    return { url, secret: await secretOf(this.services.account(), key) };
  }

  get #memoryKey(): string {
    return `proof.webhook:${this.services.account().environment.storageKey}`;
  }

  async #rememberedKey(): Promise<KeyChoice | undefined> {
    const webhookId = this.memory.get<unknown>(this.#memoryKey);
    if (typeof webhookId !== "string") return undefined;
    const stored = await this.services.account().secrets.get(webhookId);
    return stored && { webhookId };
  }

  async #askKey(): Promise<KeyChoice | undefined> {
    const key = await pickKey(this.services.account(), {
      title: vscode.l10n.t("The Secret That Your Handler Has"),
      placeHolder: vscode.l10n.t("Its requests are signed with this one"),
    });
    if (key !== undefined && "webhookId" in key) await this.memory.update(this.#memoryKey, key.webhookId);
    return key;
  }
}

async function askUrl(value: string): Promise<string | undefined> {
  const url = await vscode.window.showInputBox({
    title: vscode.l10n.t("Your Webhook Handler"),
    prompt: vscode.l10n.t("The URL at which it runs"),
    placeHolder: "http://localhost:3000/webhooks/pacspace",
    value,
    ignoreFocusOut: true,
    validateInput: (text) => problemOf(() => readTargetUrl(text)),
  });
  return url?.trim();
}

/** Keeps the URL with the workspace, where there is one. */
async function rememberUrl(url: string): Promise<void> {
  const target =
    vscode.workspace.workspaceFolders === undefined
      ? vscode.ConfigurationTarget.Global
      : vscode.ConfigurationTarget.Workspace;
  await vscode.workspace.getConfiguration("pacspace").update("handler.url", url, target);
}
