import * as vscode from "vscode";
import { isLoopback, parseUrl } from "../../core/model/environment";
import { textOf } from "../../core/model/fields";
import { webhookLabel } from "../../core/model/webhook";
import { throwAwaySecret } from "../../send/signedEvent";
import { pickKey, type KeyChoice } from "../platform/keyChoice";
import { RemoteConsent } from "../platform/remoteConsent";
import { settings } from "../platform/settings";
import type { Services } from "../services";
import { pickUrl } from "./pickUrl";

const mostRecent = 8;

/** Finds out where something is sent and which key signs it; what was chosen before stands first. */
export class SendTargets {
  readonly #consent = new RemoteConsent();
  /** One for the window, so that a handler that was given it verifies the next event too. */
  throwAway = throwAwaySecret();

  constructor(
    private readonly services: Services,
    private readonly memory: vscode.Memento,
  ) {
    services.memory.onDidForget(() => {
      this.#consent.forget();
      this.throwAway = throwAwaySecret();
    });
  }

  /** What was chosen last, the newest first. */
  recent(what: "events" | "urls"): readonly string[] {
    const stored = this.memory.get<unknown>(`sending.${what}`);
    return Array.isArray(stored) ? stored.flatMap((value) => textOf(value) ?? []) : [];
  }

  async remember(what: "events" | "urls", value: string): Promise<void> {
    const others = this.recent(what).filter((other) => other !== value);
    await this.memory.update(`sending.${what}`, [value, ...others].slice(0, mostRecent));
  }

  /**
   * Asks for a URL, and whether the thing may go there when that is another machine.
   * @param what names it in the question: "the sample event"
   */
  async askUrl(title: string, what: string): Promise<string | undefined> {
    const url = await pickUrl(title, this.#knownUrls());
    if (url === undefined || !(await this.consent(url, what))) return undefined;
    await this.remember("urls", url);
    return url;
  }

  /** Asks whether something may go to another machine; this one needs no question. */
  async consent(url: string, what: string): Promise<boolean> {
    const parsed = parseUrl(url);
    if (parsed === undefined) return true;
    const question = (origin: string): string => vscode.l10n.t("Send {0} to {1}?", what, origin);
    const detail = vscode.l10n.t("It is not this machine. What is there takes it for a real event of PacSpace.");
    return this.#consent.ask(parsed, question, detail);
  }

  /** Asks which key signs; the one chosen last in this environment stands first. */
  async askKey(title: string): Promise<KeyChoice | undefined> {
    const account = this.services.account();
    const entry = `sending.key:${account.environment.storageKey}`;
    const throwAway = {
      label: `$(sparkle) ${vscode.l10n.t("Throw-away secret")}`,
      detail: vscode.l10n.t("Made for this window. A handler verifies it only when you give it that secret."),
      key: { secret: this.throwAway },
    };
    const placeHolder = vscode.l10n.t("The secret that your handler has");
    const key = await pickKey(account, { title, placeHolder }, [throwAway], textOf(this.memory.get<unknown>(entry)));
    if (key !== undefined && "webhookId" in key) await this.memory.update(entry, key.webhookId);
    return key;
  }

  #knownUrls(): readonly { readonly url: string; readonly from: string }[] {
    const recent = this.recent("urls").map((url) => ({ url, from: vscode.l10n.t("used before") }));
    const setting = { url: settings.handlerUrl(), from: "pacspace.handler.url" };
    const webhooks = this.services
      .account()
      .webhooks.snapshot.webhooks.map((webhook) => ({ url: webhook.url, from: webhookLabel(webhook) }))
      .filter(({ url }) => {
        const parsed = parseUrl(url);
        return parsed !== undefined && isLoopback(parsed);
      });
    const all = [...recent, setting, ...webhooks].filter(({ url }) => url !== "");
    return all.filter(({ url }, at) => all.findIndex((other) => other.url === url) === at);
  }
}
