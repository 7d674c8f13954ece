import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { VscodeTextfield } from "@vscode-elements/elements/dist/vscode-textfield/index.js";
import type { KeyChoice, VerificationView } from "../protocol/verificationView";
import { counted, localTime, timestampTime } from "./format";
import { icon } from "./icon";
import { LightElement } from "./lightElement";
import { outcomeView, spokenOutcome } from "./outcome";
import { bodyField, requestField } from "./requestFields";
import { send } from "./vscodeApi";

const keyValue = (key: KeyChoice): string => (key.kind === "stored" ? `stored:${key.webhookId}` : key.kind);

function keyOfValue(value: string): KeyChoice {
  if (value === "all" || value === "typed") return { kind: value };
  return { kind: "stored", webhookId: value.slice("stored:".length) };
}

/** Checks a request by hand: headers typed or pasted, the body taken by the host, a stored secret or a typed one. */
@customElement("pacspace-verify")
export class VerifyView extends LightElement {
  @property({ attribute: false }) verification: VerificationView | undefined;
  @property({ attribute: false }) signature = "";
  @property({ attribute: false }) timestamp = "";
  @property({ attribute: false }) computed = "";

  protected override updated(changed: PropertyValues<this>): void {
    const isAnswered = (view: VerificationView | undefined): boolean =>
      view?.outcome !== undefined || view?.problem !== undefined;
    // A verdict below the edge of the window would look like none. The fields above it draw themselves first.
    if (isAnswered(this.verification) && changed.has("verification") && !isAnswered(changed.get("verification"))) {
      requestAnimationFrame(() => this.querySelector(".outcome > *")?.scrollIntoView({ block: "nearest" }));
    }
  }

  protected override render(): TemplateResult | typeof nothing {
    const { verification } = this;
    if (verification === undefined) return nothing;
    return html`
      <div class="verify">
        <p class="muted">
          PacSpace signs the timestamp, a dot and the body's exact bytes with the webhook's secret. Give the request as
          it arrived.
        </p>
        ${requestField(verification)} ${this.#headerFields()} ${bodyField(verification)} ${this.#key(verification)}
        ${this.#handlerField()}
        <div class="actions">
          <vscode-button
            icon=${verification.checking ? "loading" : "verified"}
            ?icon-spin=${verification.checking !== undefined}
            @click=${this.#check}
            >${verification.checking ? "Checking…" : "Check Signature"}</vscode-button
          >
          ${verification.checking ? this.#progress(verification.checking.tried) : nothing}
        </div>
        <p class="visually-hidden" role="status">${this.#spoken(verification)}</p>
        <div class="outcome">${this.#result(verification)}</div>
      </div>
    `;
  }

  #textField(id: "signature" | "timestamp" | "computed", label: string, hint: string): TemplateResult {
    return html`<label for=${id}>${label}</label>
      <vscode-textfield
        id=${id}
        class="code-field"
        placeholder=${hint}
        .label=${label}
        .value=${this[id]}
        @input=${this.#typed}
        @keydown=${this.#enter}
      ></vscode-textfield>`;
  }

  #headerFields(): TemplateResult {
    const time = timestampTime(this.timestamp.trim());
    return html`
      <div class="field">${this.#textField("signature", "X-PacSpace-Signature", "v1=…")}</div>
      <div class="field">
        ${this.#textField("timestamp", "X-PacSpace-Timestamp", "Unix seconds")}
        ${time === undefined ? nothing : html`<p class="muted">${localTime(time)}</p>`}
      </div>
    `;
  }

  #handlerField(): TemplateResult {
    return html`<div class="field">
      ${this.#textField("computed", "Your handler's value (optional)", "what your code computed")}
      <p class="muted">
        Log what your code compares the signature with, and give it here: the mistake that leads to it is named.
      </p>
    </div>`;
  }

  #key({ environment, keys, typedKey }: VerificationView): TemplateResult {
    const canChoose = keys.length > 0 || typedKey !== undefined;
    return html`<div class="field">
      ${canChoose ? html`<label for="key">Secret</label>` : html`<span class="label">Secret</span>`}
      <div class="actions">
        ${canChoose ? this.#keyChoice() : html`<span>None is stored for ${environment}.</span>`}
        <vscode-button secondary icon="key" @click=${() => send({ type: "typeSecret" })}>Type a Secret…</vscode-button>
      </div>
      ${
        canChoose
          ? html`<p class="muted">
              No secret ever reaches this panel: what follows the dot is a fingerprint. Stored are those of
              ${environment}.
            </p>`
          : nothing
      }
    </div>`;
  }

  #keyChoice(): TemplateResult | typeof nothing {
    if (this.verification === undefined) return nothing;
    const { key, keys, typedKey } = this.verification;
    const chosen = keyValue(key);
    const option = (value: string, label: string): TemplateResult =>
      html`<option value=${value} .selected=${value === chosen}>${label}</option>`;
    return html`<select id="key" @change=${this.#chooseKey}>
      ${keys.length > 0 ? option("all", `All stored secrets (${keys.length})`) : nothing}
      ${keys.map(({ webhookId, label, fingerprint }) => option(`stored:${webhookId}`, `${label} · ${fingerprint}`))}
      ${typedKey === undefined ? nothing : option("typed", `Typed secret · ${typedKey}`)}
    </select>`;
  }

  /** A long search can be stopped; how far it is changes too often to be said. */
  #progress(tried: number): TemplateResult {
    return html`<vscode-button secondary icon="debug-stop" @click=${() => send({ type: "cancelCheck" })}
        >Stop</vscode-button
      >
      ${tried === 0 ? nothing : html`<span class="muted">${counted(tried, "signature")} tried</span>`}`;
  }

  #spoken({ checking, outcome, problem }: VerificationView): string {
    if (checking !== undefined) return "Checking…";
    return problem ?? (outcome === undefined ? "" : spokenOutcome(outcome));
  }

  #result({ checking, outcome, problem, framework }: VerificationView): TemplateResult | typeof nothing {
    if (checking !== undefined) return nothing;
    if (problem !== undefined) return html`<p class="callout bad">${icon("error", "bad")} <span>${problem}</span></p>`;
    return outcome === undefined ? nothing : outcomeView(outcome, framework);
  }

  #field(id: string): string {
    return this.querySelector<VscodeTextfield>(`#${id}`)?.value ?? "";
  }

  /**
   * Takes a whole request that is pasted anywhere on the tab. Several lines can be meant for no text field, and the
   * host reads their bytes: a text field would change them.
   */
  readonly #pasted = (event: ClipboardEvent): void => {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    const isInField = event.composedPath().some((target) => target instanceof HTMLInputElement);
    if (text === "" || (isInField && !/[\r\n]./s.test(text.trim()))) return;
    event.preventDefault();
    event.stopPropagation();
    send({ type: "pasteRequest", text });
  };

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener("paste", this.#pasted, { capture: true });
  }

  override disconnectedCallback(): void {
    window.removeEventListener("paste", this.#pasted, { capture: true });
    super.disconnectedCallback();
  }

  readonly #typed = (): void => {
    this.signature = this.#field("signature");
    this.timestamp = this.#field("timestamp");
    this.computed = this.#field("computed");
    const { signature, timestamp, computed } = this;
    this.dispatchEvent(new CustomEvent("fields-typed", { detail: { signature, timestamp, computed } }));
    send({ type: "draft", ...this.#fields() });
  };

  #fields(): { signature: string; timestamp: string; computed?: string } {
    const { signature, timestamp, computed } = this;
    return { signature, timestamp, ...(computed !== "" && { computed }) };
  }

  readonly #enter = (event: KeyboardEvent): void => {
    if (event.key === "Enter") this.#check();
  };

  readonly #chooseKey = (event: Event): void => {
    if (event.target instanceof HTMLSelectElement) send({ type: "chooseKey", key: keyOfValue(event.target.value) });
  };

  readonly #check = (): void => {
    send({ type: "check", ...this.#fields() });
  };
}
