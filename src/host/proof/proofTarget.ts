import * as vscode from "vscode";
import { problemOf } from "../../core/errors";
import { parseUrl } from "../../core/model/environment";
import { readTargetUrl } from "../../send/targetUrl";
import type { Account } from "../../state/account";
import { pickKey, secretOf, type KeyChoice } from "../platform/keyChoice";
import { RemoteConsent } from "../platform/remoteConsent";
import { settings } from "../platform/settings";
import type { Services } from "../services";

/** The handler that is proven, the key that it was given, and where a count of what it handled is. */
export interface ProofTarget {
  readonly url: string;
  readonly checkUrl?: string | undefined;
  readonly secret: string;
}

/** Finds out which handler is meant: by the setting and the choice made before, else by asking once. */
export class ProofTargets {
  #chosen: { readonly key: KeyChoice; readonly environment: string } | undefined;
  readonly #consent = new RemoteConsent();
  readonly #checkConsent = new RemoteConsent();

  constructor(
    private readonly services: Services,
    private readonly memory: vscode.Memento,
  ) {}

  /** Forgets the key and the places that were agreed to. */
  forget(): void {
    this.#chosen = undefined;
    this.#consent.forget();
    this.#checkConsent.forget();
  }

  /** Forgets what was chosen, so that the next run asks again. */
  async ask(): Promise<ProofTarget | undefined> {
    const url = await askUrl(settings.handlerUrl());
    if (url === undefined) return undefined;
    await rememberUrl(url);
    const account = this.services.account();
    this.#chosen = undefined;
    const key = await this.#askKey(account);
    return key && this.#confirmedTarget(url, key, account);
  }

  /** The target of this workspace; asks for what is not known yet. Undefined when the person gave up. */
  async current(): Promise<ProofTarget | undefined> {
    const url = settings.handlerUrl() || (await askUrl(""));
    if (url === undefined) return undefined;
    if (url !== settings.handlerUrl()) await rememberUrl(url);
    const account = this.services.account();
    const key = (await this.#knownKey(account)) ?? (await this.#askKey(account));
    return key && this.#confirmedTarget(url, key, account);
  }

  async #confirmedTarget(url: string, key: KeyChoice, account: Account): Promise<ProofTarget | undefined> {
    const parsed = parseUrl(url);
    const detail = vscode.l10n.t(
      "It is not this machine. The proof sends about thirty requests there, good and bad ones, signed with the chosen secret.",
    );
    const question = (origin: string): string => vscode.l10n.t("Send the proof's requests to {0}?", origin);
    if (parsed !== undefined && !(await this.#consent.ask(parsed, question, detail))) return undefined;
    const checkUrl = settings.handlerCheckUrl().trim() || undefined;
    if (checkUrl !== undefined && !(await this.#mayCheck(checkUrl, parsed))) return undefined;
    return { url, checkUrl, secret: await secretOf(account, key) };
  }

  /** Asks apart: who agreed to look-ups there has agreed to no signed requests. */
  async #mayCheck(checkUrl: string, handler: URL | undefined): Promise<boolean> {
    const parsed = parseUrl(checkUrl);
    if (parsed === undefined || parsed.origin === handler?.origin) return true;
    const detail = vscode.l10n.t(
      "It is not this machine. The setting pacspace.handler.checkUrl names it: the proof looks there at what was handled.",
    );
    const question = (origin: string): string => vscode.l10n.t("Send the proof's look-ups to {0}?", origin);
    return this.#checkConsent.ask(parsed, question, detail);
  }

  /** The key chosen last in this environment, unless its secret was forgotten since. */
  async #knownKey(account: Account): Promise<KeyChoice | undefined> {
    const { secrets, environment } = account;
    const chosen = this.#chosen?.environment === environment.storageKey ? this.#chosen.key : undefined;
    if (chosen !== undefined && "secret" in chosen) return chosen;
    const webhookId = chosen?.webhookId ?? this.memory.get<unknown>(memoryKey(account));
    if (typeof webhookId !== "string") return undefined;
    return (await secrets.get(webhookId)) && { webhookId };
  }

  async #askKey(account: Account): Promise<KeyChoice | undefined> {
    const key = await pickKey(account, {
      title: vscode.l10n.t("The Secret That Your Handler Has"),
      placeHolder: vscode.l10n.t("Its requests are signed with this one"),
    });
    if (key === undefined) return undefined;
    this.#chosen = { key, environment: account.environment.storageKey };
    if ("webhookId" in key) await this.memory.update(memoryKey(account), key.webhookId);
    return key;
  }
}

function memoryKey({ environment }: Account): string {
  return `proof.webhook:${environment.storageKey}`;
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
