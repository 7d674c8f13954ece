import * as vscode from "vscode";
import { PacSpaceError } from "../../core/errors";
import { isLoopback, parseUrl } from "../../core/model/environment";
import { webhookLabel } from "../../core/model/webhook";
import { secretMissing } from "../../state/webhookSecrets";
import { settings } from "../platform/settings";
import type { Services } from "../services";

/** The handler that is proven, and the key that it was given. */
export interface ProofTarget {
  readonly url: string;
  readonly secret: string;
}

/** Where the key comes from: a webhook's stored secret, or one that was typed and lives until the window closes. */
type KeyChoice = { readonly webhookId: string } | { readonly secret: string };

type Choice = vscode.QuickPickItem & { readonly webhookId?: string };

/** Finds out which handler is meant: by the setting and the choice made before, else by asking once. */
export class ProofTargets {
  #key: KeyChoice | undefined;
  readonly #confirmed = new Set<string>();

  constructor(
    private readonly services: Services,
    private readonly memory: vscode.Memento,
  ) {}

  /** Forgets the key and the places that were agreed to. */
  forget(): void {
    this.#key = undefined;
    this.#confirmed.clear();
  }

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

  /** Throws PacSpaceError `notFound` when the webhook's secret is not stored here. */
  async secretOf(choice: KeyChoice): Promise<string> {
    if ("secret" in choice) return choice.secret;
    const stored = await this.services.account().secrets.get(choice.webhookId);
    if (stored === undefined) throw secretMissing(choice.webhookId);
    return stored.secret;
  }

  async #confirmedTarget(url: string, key: KeyChoice): Promise<ProofTarget | undefined> {
    const parsed = parseUrl(url);
    if (parsed !== undefined && !isLoopback(parsed) && !this.#confirmed.has(parsed.origin)) {
      const send = vscode.l10n.t("Send");
      const answer = await vscode.window.showWarningMessage(
        vscode.l10n.t("Send the proof's requests to {0}?", parsed.origin),
        {
          modal: true,
          detail: vscode.l10n.t(
            "It is not this machine. The proof sends about thirty requests there, good and bad ones, signed with the chosen secret.",
          ),
        },
        send,
      );
      if (answer !== send) return undefined;
      this.#confirmed.add(parsed.origin);
    }
    return { url, secret: await this.secretOf(key) };
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
    const account = this.services.account();
    const stored = await account.secrets.all(account.webhooks.snapshot.webhooks.map(({ id }) => id));
    const items = stored.map(({ id: webhookId }): Choice => {
      const webhook = account.webhooks.get(webhookId);
      return {
        label: `$(key) ${webhook === undefined ? webhookId : webhookLabel(webhook)}`,
        ...(webhook !== undefined && { description: webhookId }),
        webhookId,
      };
    });
    const typed: Choice = { label: `$(edit) ${vscode.l10n.t("Type a secret…")}` };
    const title = vscode.l10n.t("The Secret That Your Handler Has");
    const chosen = await vscode.window.showQuickPick([...items, typed], {
      title,
      placeHolder: vscode.l10n.t("Its requests are signed with this one"),
    });
    if (chosen === undefined) return undefined;
    if (chosen.webhookId !== undefined) {
      await this.memory.update(this.#memoryKey, chosen.webhookId);
      return { webhookId: chosen.webhookId };
    }
    const secret = await vscode.window.showInputBox({
      title,
      prompt: vscode.l10n.t("Kept until this window closes, and sent nowhere"),
      placeHolder: "whsec_…",
      password: true,
      ignoreFocusOut: true,
    });
    return secret ? { secret } : undefined;
  }
}

async function askUrl(value: string): Promise<string | undefined> {
  const url = await vscode.window.showInputBox({
    title: vscode.l10n.t("Your Webhook Handler"),
    prompt: vscode.l10n.t("The URL at which it runs"),
    placeHolder: "http://localhost:3000/webhooks/pacspace",
    value,
    ignoreFocusOut: true,
    validateInput: (text) => handlerUrlProblem(text),
  });
  return url?.trim();
}

function handlerUrlProblem(text: string): string | undefined {
  const url = parseUrl(text.trim());
  return url !== undefined && /^https?:$/.test(url.protocol) && url.hostname !== ""
    ? undefined
    : vscode.l10n.t("Type a full URL, for example http://localhost:3000/webhooks/pacspace.");
}

/** Keeps the URL with the workspace, where there is one. */
async function rememberUrl(url: string): Promise<void> {
  const target =
    vscode.workspace.workspaceFolders === undefined
      ? vscode.ConfigurationTarget.Global
      : vscode.ConfigurationTarget.Workspace;
  await vscode.workspace.getConfiguration("pacspace").update("handler.url", url, target);
}

/** Throws PacSpaceError `forbidden` in a workspace that nobody vouches for: its settings say where requests go. */
export function requireTrust(): void {
  if (vscode.workspace.isTrusted) return;
  throw new PacSpaceError(
    "forbidden",
    vscode.l10n.t("Trust this workspace first: nothing is sent from one that is not."),
  );
}
