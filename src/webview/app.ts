import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import type { DeliveryView } from "../protocol/deliveryView";
import { dispatcher } from "../protocol/dispatch";
import { hostMessageSchema, type HostMessage, type Notice, type Subject } from "../protocol/hostMessages";
import type { PanelTarget, Tab } from "../protocol/panelState";
import type { VerificationView } from "../protocol/verificationView";
import type { VerifyView } from "./verifyView";
import { answerTab, headersTab, payloadTab, rawTab } from "./exchange";
import { icon } from "./icon";
import { knownIds } from "./knownIds";
import { LightElement } from "./lightElement";
import { summary } from "./summary";
import { attemptsTab } from "./timeline";
import { savedState, saveState, send } from "./vscodeApi";
import { keepWholeTexts, withWholeText } from "./wholeTexts";

const exchangeTabs: Readonly<Record<Exclude<Tab, "verify">, (delivery: DeliveryView) => TemplateResult>> = {
  payload: payloadTab,
  headers: headersTab,
  answer: answerTab,
  attempts: attemptsTab,
  raw: rawTab,
};

/** The whole panel: it shows what the host tells, and tells the host what a person wants. */
@customElement("pacspace-inspector")
export class InspectorApp extends LightElement {
  @state() private subject: Subject = { kind: "loading" };
  @state() private target: PanelTarget | undefined;
  @state() private tab: Tab = savedState()?.tab ?? "payload";
  @state() private verification: VerificationView | undefined;
  @state() private signature = "";
  @state() private timestamp = "";
  @state() private computed = "";
  @state() private retrying = false;
  @state() private notice: Notice | undefined;

  readonly #receive = dispatcher<HostMessage>(
    hostMessageSchema,
    {
      subject: ({ subject, target }) => {
        this.subject = this.#keepingTexts(subject);
        this.target = target;
        knownIds.forget();
      },
      wholeText: ({ of, text }) => {
        if (this.subject.kind !== "delivery") return;
        this.subject = { kind: "delivery", delivery: withWholeText(this.subject.delivery, of, text) };
      },
      knownIds: ({ ids }) => knownIds.learn(ids),
      verification: ({ verification }) => (this.verification = verification),
      fields: ({ signature, timestamp, computed = "" }) => {
        this.signature = signature;
        this.timestamp = timestamp;
        this.computed = computed;
      },
      selectTab: ({ tab }) => (this.tab = tab),
      activity: ({ retrying, notice }) => {
        this.retrying = retrying;
        this.notice = notice;
      },
    },
    // eslint-disable-next-line no-console -- a webview has no other log
    (type) => console.warn(`Dropped a message of type ${type}.`),
  );

  readonly #onMessage = (event: MessageEvent<unknown>): void => {
    this.#receive(event.data);
  };

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener("message", this.#onMessage);
    send({ type: "ready" });
  }

  override disconnectedCallback(): void {
    window.removeEventListener("message", this.#onMessage);
    super.disconnectedCallback();
  }

  #keepingTexts(subject: Subject): Subject {
    if (subject.kind !== "delivery" || this.subject.kind !== "delivery") return subject;
    const { view, kept } = keepWholeTexts(subject.delivery, this.subject.delivery);
    for (const of of kept) send({ type: "wholeText", of });
    return { kind: "delivery", delivery: view };
  }

  protected override updated(changed: PropertyValues): void {
    if (this.target !== undefined && (changed.has("tab") || changed.has("target"))) {
      saveState({ ...this.target, tab: this.tab });
    }
  }

  protected override render(): TemplateResult {
    return html`${this.#notice()} ${this.#subject()}`;
  }

  #subject(): TemplateResult {
    const { subject } = this;
    switch (subject.kind) {
      case "loading":
        return html`<main class="whole" aria-busy="true">
          <h1 class="visually-hidden">Delivery</h1>
          <p role="status">${icon("loading", "spin")} Loading the delivery…</p>
        </main>`;
      case "failed":
        return this.#failed(subject.message, subject.help);
      case "elsewhere":
        return html`<main class="whole">
          <h1>${icon("globe")} Another environment</h1>
          <p>
            This delivery belongs to <strong>${subject.environment}</strong>. This window works in
            <strong>${subject.active}</strong>.
          </p>
          <div class="actions">
            <vscode-button icon="arrow-swap" @click=${() => send({ type: "switchEnvironment" })}
              >Switch Environment…</vscode-button
            >
          </div>
        </main>`;
      case "request":
        return html`<header class="summary"><h1>Verify a webhook signature</h1></header>
          <main class="tab-panel">${this.#verify()}</main>`;
      case "delivery":
        return this.#delivery(subject.delivery);
    }
  }

  #failed(message: string, help: "signIn" | "startLocal" | undefined): TemplateResult {
    return html`<main class="whole">
      <h1>${icon("error", "bad")} The delivery can't be shown</h1>
      <p role="alert">${message}</p>
      <div class="actions">
        ${
          help === "signIn"
            ? html`<vscode-button icon="sign-in" @click=${() => send({ type: "signIn" })}>Sign In</vscode-button>`
            : nothing
        }
        ${
          help === "startLocal"
            ? html`<vscode-button icon="play" @click=${() => send({ type: "startLocal" })}
                >Start Local PacSpace</vscode-button
              >`
            : nothing
        }
        <vscode-button ?secondary=${help !== undefined} icon="refresh" @click=${() => send({ type: "reload" })}
          >Try Again</vscode-button
        >
      </div>
    </main>`;
  }

  #delivery(delivery: DeliveryView): TemplateResult {
    const { tab } = this;
    const counts = {
      ...(delivery.requestHeaders.length > 0 && { headers: delivery.requestHeaders.length }),
      ...(delivery.attemptCount !== undefined && { attempts: delivery.attemptCount }),
    };
    return html`
      ${summary(delivery, this.retrying)}
      <main>
        <pacspace-tabs
          .selected=${tab}
          .counts=${counts}
          @tab-selected=${(event: CustomEvent<Tab>) => (this.tab = event.detail)}
        ></pacspace-tabs>
        <div class="tab-panel" id="tab-panel" role="tabpanel" aria-labelledby="tab-${tab}" tabindex="0">
          ${tab === "verify" ? this.#verify() : exchangeTabs[tab](delivery)}
        </div>
      </main>
    `;
  }

  #verify(): TemplateResult {
    return html`<pacspace-verify
      .verification=${this.verification}
      .signature=${this.signature}
      .timestamp=${this.timestamp}
      .computed=${this.computed}
      @fields-typed=${this.#keepFields}
    ></pacspace-verify>`;
  }

  /** What was typed is kept here too, so that another tab and back shows it again. */
  readonly #keepFields = (event: CustomEvent<Pick<VerifyView, "signature" | "timestamp" | "computed">>): void => {
    this.signature = event.detail.signature;
    this.timestamp = event.detail.timestamp;
    this.computed = event.detail.computed;
  };

  #notice(): TemplateResult {
    const { notice } = this;
    return html`<div class="notice" role="status">
      ${
        notice === undefined
          ? nothing
          : html`<div class="callout ${notice.severity === "error" ? "bad" : "good"}">
              ${notice.severity === "error" ? icon("error", "bad") : icon("info")}
              <span>${notice.text}</span>
              <vscode-toolbar-button
                icon="close"
                label="Dismiss"
                @click=${() => send({ type: "dismissNotice" })}
              ></vscode-toolbar-button>
            </div>`
      }
    </div>`;
  }
}
