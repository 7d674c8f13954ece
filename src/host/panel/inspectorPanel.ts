import * as vscode from "vscode";
import { isErrorOfKind } from "../../core/errors";
import type { Delivery } from "../../core/model/delivery";
import { readDeliveryDetail, type DeliveryDetail } from "../../core/model/deliveryDetail";
import { recordOf, textField } from "../../core/model/fields";
import type { Handlers } from "../../protocol/dispatch";
import type { Notice, Subject } from "../../protocol/hostMessages";
import type { PanelMessage, TextRef } from "../../protocol/panelMessages";
import type { PanelTarget, Tab } from "../../protocol/panelState";
import type { FrameworkMemory } from "../platform/frameworkMemory";
import { Disposable } from "../platform/lifecycle";
import { copyText } from "./answerActions";
import { deliveryHandlers, type DeliveryMessage } from "./deliveryHandlers";
import { errorWords } from "./errorWords";
import type { InspectorServices } from "./inspectorServices";
import { knownIds } from "./knownIds";
import type { LastEditor } from "./lastEditor";
import { PanelPage } from "./panelPage";
import { copyableText, presentDelivery, textOf, titleOf, wholeText, type PanelText } from "./presentDelivery";
import type { TakenRequest } from "./requestTaking";
import { VerificationDesk } from "./verificationDesk";
import { verificationHandlers, type DeskMessage } from "./verificationHandlers";

/** What all panels share. */
export interface PanelSurroundings {
  readonly extensionUri: vscode.Uri;
  readonly services: InspectorServices;
  readonly frameworks: FrameworkMemory;
  readonly editor: LastEditor;
  readonly log: vscode.LogOutputChannel;
}

interface Shown {
  readonly delivery: Delivery;
  readonly detail: DeliveryDetail;
  /** What its webhook was called. */
  readonly label: string | undefined;
}

/** One panel: a delivery, or an empty desk for checking any request. */
export class InspectorPanel extends Disposable {
  readonly #desk: VerificationDesk;
  readonly #page: PanelPage;
  #subject: Subject = { kind: "loading" };
  #shown: Shown | undefined;
  #loading: AbortController | undefined;
  #retrying = false;
  #notice: Notice | undefined;
  /** The tab to show as soon as the page listens. */
  #wantedTab: Tab | undefined;

  /** @param found the delivery, where it is at hand already */
  constructor(
    private readonly panel: vscode.WebviewPanel,
    readonly target: PanelTarget,
    private readonly surroundings: PanelSurroundings,
    found?: Delivery,
  ) {
    super();
    const { editor, extensionUri, frameworks, log, services } = surroundings;
    this.register(panel);
    this.register({ dispose: () => this.#loading?.abort() });
    this.#desk = this.register(
      new VerificationDesk(services, frameworks, {
        changed: () => this.#postVerification(),
        fieldsFilled: () => this.#postFields(),
      }),
    );
    this.register(panel.onDidDispose(() => this.dispose()));
    this.register(services.onDidChangeEnvironment(() => this.#start()));
    this.register(services.deliveries.onDidChange(() => this.#followLoaded()));
    const tell = (text: string): void => {
      if (!this.isDisposed) this.#show({ notice: { severity: "information", text } });
    };
    this.#page = this.register(
      new PanelPage(panel, {
        handlers: {
          ...this.#ownHandlers,
          ...deliveryHandlers(target, () => this.#shown, tell),
          ...verificationHandlers(this.#desk, editor),
        },
        failed: (error) => this.#fail(error),
        dropped: (type) => log.warn(`The inspector dropped a message of type ${type}.`),
      }),
    );
    this.#start(found);
    this.#page.open(extensionUri);
  }

  reveal(): void {
    this.panel.reveal();
  }

  readonly #ownHandlers: Omit<Handlers<PanelMessage, unknown>, DeskMessage | DeliveryMessage> = {
    ready: async () => {
      this.#postSubject();
      this.#postFields();
      this.#postVerification();
      this.#postActivity();
      this.#postTab();
      await this.#desk.load();
    },
    reload: () => this.#start(),
    refresh: () => this.#refresh(),
    retry: () => this.#retry(),
    dismissNotice: () => this.#show({ notice: undefined }),
    signIn: () => this.#tryHelp("pacspace.signIn"),
    startLocal: () => this.#tryHelp("pacspace.startLocal"),
    // Async: what throws is shown in the panel.
    copy: async ({ part }) =>
      copyText(part === "id" ? (this.target.delivery?.id ?? "") : copyableText(this.#text(part))),
    copyText: ({ text }) => copyText(text),
    wholeText: ({ of }) => this.#page.post({ type: "wholeText", of, text: wholeText(this.#text(of)) }),
    askIds: ({ ids }) =>
      this.#page.post({ type: "knownIds", ids: knownIds(this.surroundings.services, ids, this.target.delivery?.id) }),
    verifyDelivery: () => this.verifyDelivery(),
  };

  #postSubject(): void {
    this.#page.post({ type: "subject", subject: this.#subject, target: this.target });
  }

  #postFields(): void {
    const { signature, timestamp, computed } = this.#desk.fields;
    this.#page.post({ type: "fields", signature, timestamp, ...(computed !== undefined && { computed }) });
  }

  #postVerification(): void {
    this.#page.post({ type: "verification", verification: this.#desk.view() });
  }

  #postActivity(): void {
    const notice = this.#notice;
    this.#page.post({ type: "activity", retrying: this.#retrying, ...(notice !== undefined && { notice }) });
  }

  #postTab(): void {
    if (this.#wantedTab === undefined || !this.#page.listening) return;
    this.#page.post({ type: "selectTab", tab: this.#wantedTab });
    this.#wantedTab = undefined;
  }

  #show(news: { readonly retrying?: boolean; readonly notice: Notice | undefined }): void {
    this.#retrying = news.retrying ?? this.#retrying;
    this.#notice = news.notice;
    this.#postActivity();
  }

  #setSubject(subject: Subject): void {
    this.#subject = subject;
    this.#postSubject();
  }

  /** Begins anew with what the panel is about, in the environment that is active now. */
  #start(found?: Delivery): void {
    this.#loading?.abort();
    this.#loading = undefined;
    const { deliveries } = this.surroundings.services;
    if (this.target.delivery === undefined) {
      this.panel.title = vscode.l10n.t("Verify a Signature");
      this.#setSubject({ kind: "request" });
    } else if (!deliveries.isHere(this.target.environment)) {
      this.#shown = undefined;
      this.#setSubject({
        kind: "elsewhere",
        environment: this.target.environment,
        active: this.surroundings.services.environment().name,
      });
    } else {
      const delivery = found ?? deliveries.loaded(this.target.delivery);
      if (delivery === undefined) void this.#load();
      else this.#showDelivery(delivery);
    }
    if (this.#page.listening) this.#desk.load().catch((error: unknown) => this.#fail(error));
  }

  async #load(): Promise<void> {
    if (this.target.delivery === undefined) return;
    const loading = (this.#loading = new AbortController());
    if (this.#shown === undefined) this.#setSubject({ kind: "loading" });
    try {
      const delivery = await this.surroundings.services.deliveries.find(this.target.delivery, loading.signal);
      if (this.isDisposed || this.#loading !== loading) return;
      this.#loading = undefined;
      this.#showDelivery(delivery);
    } catch (error) {
      if (this.isDisposed || this.#loading !== loading) return;
      this.#loading = undefined;
      // What is shown stays: it is old, but it is true.
      if (this.#shown !== undefined) this.#fail(error);
      else this.#setSubject({ kind: "failed", message: errorWords(error), ...this.#help(error) });
    }
  }

  #help(error: unknown): { readonly help?: "signIn" | "startLocal" } {
    const isLocal = this.surroundings.services.environment().kind === "local";
    if (isLocal && (isErrorOfKind(error, "auth") || isErrorOfKind(error, "network"))) return { help: "startLocal" };
    return isErrorOfKind(error, "auth") ? { help: "signIn" } : {};
  }

  async #tryHelp(command: string): Promise<void> {
    await vscode.commands.executeCommand(command);
    if (!this.isDisposed && this.#subject.kind === "failed") this.#start();
  }

  #showDelivery(delivery: Delivery): void {
    const detail = readDeliveryDetail(delivery);
    const { webhookId } = delivery;
    // "It is pending now" has been said, and is no longer so.
    const isNews = this.#shown !== undefined && this.#shown.delivery.status !== delivery.status;
    if (isNews && this.#notice?.severity === "information") this.#show({ notice: undefined });
    const label = this.#labelOf(delivery);
    this.#shown = { delivery, detail, label };
    this.panel.title = titleOf(delivery);
    this.#setSubject({ kind: "delivery", delivery: presentDelivery(delivery, detail, label) });
    this.#desk.setDelivery({ detail, webhookId });
  }

  #labelOf({ webhookId }: Delivery): string | undefined {
    return webhookId === undefined ? undefined : this.surroundings.services.webhookLabel(webhookId);
  }

  /** Takes up what the lists know now of the delivery shown and its webhook, or of the one that could not be loaded. */
  #followLoaded(): void {
    if (this.target.delivery === undefined || this.#subject.kind === "elsewhere") return;
    const loaded = this.surroundings.services.deliveries.loaded(this.target.delivery);
    const known = loaded ?? this.#shown?.delivery;
    if (known === undefined) return;
    if (known.raw === this.#shown?.delivery.raw && this.#labelOf(known) === this.#shown.label) return;
    if (loaded !== undefined) {
      this.#loading?.abort();
      this.#loading = undefined;
    }
    this.#showDelivery(known);
  }

  async #refresh(): Promise<void> {
    await vscode.commands.executeCommand("pacspace.refresh", {});
    if (!this.isDisposed) this.#start();
  }

  async #retry(): Promise<void> {
    if (this.#retrying || this.target.delivery === undefined) return;
    this.#show({ retrying: true, notice: undefined });
    try {
      const result: unknown = await vscode.commands.executeCommand("pacspace.retryDelivery", this.target.delivery);
      if (this.isDisposed) return;
      const status = textField(recordOf(result), "status") ?? "pending";
      this.#show({
        retrying: false,
        notice: { severity: "information", text: vscode.l10n.t("PacSpace sends it again. It is {0} now.", status) },
      });
      this.#start();
    } catch (error) {
      if (!this.isDisposed) this.#show({ retrying: false, notice: { severity: "error", text: errorWords(error) } });
    }
  }

  /** Fills the Verify tab from the delivery shown, and checks it. */
  async verifyDelivery(): Promise<void> {
    this.#selectVerify();
    await this.#desk.load();
    if (this.isDisposed) return;
    this.#desk.refill();
    await this.#desk.check(this.#desk.fields);
  }

  /** Fills the Verify tab from a whole request, and checks it where nothing is missing. */
  async verifyRequest(request: TakenRequest): Promise<void> {
    this.#selectVerify();
    await this.#desk.load();
    if (!this.isDisposed) await this.#desk.useRequest(() => request);
  }

  #selectVerify(): void {
    this.#wantedTab = "verify";
    this.#postTab();
  }

  #text(of: TextRef): PanelText {
    return this.#shown === undefined ? { text: "" } : textOf(this.#shown.delivery, this.#shown.detail, of);
  }

  #fail(error: unknown): void {
    if (this.isDisposed || isErrorOfKind(error, "cancelled")) return;
    this.surroundings.log.error(`The inspector: ${errorWords(error)}`);
    this.#show({ notice: { severity: "error", text: errorWords(error) } });
  }
}
