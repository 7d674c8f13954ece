import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { VscodeTextfield } from "@vscode-elements/elements/dist/vscode-textfield/index.js";
import type { BodySource, KeyChoice, VerificationView } from "../protocol/verificationView";
import { counted, localTime, timestampTime } from "./format";
import { icon } from "./icon";
import { LightElement } from "./lightElement";
import { outcomeView } from "./outcome";
import { send } from "./vscodeApi";

const sources: Readonly<
  Record<BodySource, { readonly button: string; readonly icon: string; readonly taken: string }>
> = {
  payload: { button: "This Delivery's Payload", icon: "package", taken: "This delivery's payload" },
  clipboard: { button: "Clipboard", icon: "clippy", taken: "From the clipboard" },
  file: { button: "File…", icon: "file", taken: "From a file" },
  base64: { button: "Base64…", icon: "file-binary", taken: "From base64" },
};

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

  protected override updated(changed: PropertyValues<this>): void {
    const before = changed.get("verification");
    const now = this.verification;
    const isNews = now?.outcome !== before?.outcome || now?.problem !== before?.problem;
    const hasAnswer = now?.outcome !== undefined || now?.problem !== undefined;
    // A verdict below the edge of the window would look like none. The fields above it draw themselves first.
    if (isNews && hasAnswer) {
      requestAnimationFrame(() => this.querySelector(".outcome")?.scrollIntoView({ block: "nearest" }));
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
        ${this.#headerFields()} ${this.#body(verification)} ${this.#key(verification)}
        <div class="actions">
          <vscode-button
            icon=${verification.checking ? "loading" : "verified"}
            ?icon-spin=${verification.checking}
            @click=${this.#check}
            >${verification.checking ? "Checking…" : "Check Signature"}</vscode-button
          >
        </div>
        <div class="outcome" role="status">${this.#result(verification)}</div>
      </div>
    `;
  }

  #headerFields(): TemplateResult {
    const time = timestampTime(this.timestamp.trim());
    return html`
      <div class="field">
        <label for="signature">X-PacSpace-Signature</label>
        <vscode-textfield
          id="signature"
          class="code-field"
          placeholder="v1=…"
          .label=${"X-PacSpace-Signature"}
          .value=${this.signature}
          @input=${this.#typed}
          @keydown=${this.#enter}
        ></vscode-textfield>
      </div>
      <div class="field">
        <label for="timestamp">X-PacSpace-Timestamp</label>
        <vscode-textfield
          id="timestamp"
          class="code-field"
          placeholder="Unix seconds"
          .label=${"X-PacSpace-Timestamp"}
          .value=${this.timestamp}
          @input=${this.#typed}
          @keydown=${this.#enter}
        ></vscode-textfield>
        ${time === undefined ? nothing : html`<p class="muted">${localTime(time)}</p>`}
      </div>
    `;
  }

  #body({ body, hasPayload }: VerificationView): TemplateResult {
    const offered = (Object.keys(sources) as BodySource[]).filter((source) => source !== "payload" || hasPayload);
    return html`<div class="field" role="group" aria-labelledby="body-label">
      <span id="body-label" class="label">Body, byte for byte</span>
      <div class="actions">
        ${offered.map(
          (source) =>
            html`<vscode-button
              secondary
              icon=${sources[source].icon}
              @click=${() => send({ type: "takeBody", from: source })}
              >${sources[source].button}</vscode-button
            >`,
        )}
      </div>
      ${
        body === undefined
          ? html`<p class="muted">No body taken yet.</p>`
          : html`<dl class="facts body-facts">
              <div class="fact">
                <dt>${sources[body.source].taken}</dt>
                <dd>${body.name === undefined ? nothing : html`${body.name} · `}${counted(body.bytes, "byte")}</dd>
              </div>
              <div class="fact">
                <dt>SHA-256</dt>
                <dd><code>${body.sha256}</code></dd>
              </div>
            </dl>`
      }
      ${body?.note === undefined ? nothing : html`<p class="note">${icon("info")} <span>${body.note}</span></p>`}
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

  #result({ checking, outcome, problem }: VerificationView): TemplateResult | typeof nothing {
    if (checking) return html`<p class="visually-hidden">Checking…</p>`;
    if (problem !== undefined) return html`<p class="callout bad">${icon("error", "bad")} <span>${problem}</span></p>`;
    return outcome === undefined ? nothing : outcomeView(outcome);
  }

  #field(id: string): string {
    return this.querySelector<VscodeTextfield>(`#${id}`)?.value ?? "";
  }

  readonly #typed = (): void => {
    this.signature = this.#field("signature");
    this.timestamp = this.#field("timestamp");
    this.dispatchEvent(
      new CustomEvent("fields-typed", { detail: { signature: this.signature, timestamp: this.timestamp } }),
    );
    send({ type: "draft", signature: this.signature, timestamp: this.timestamp });
  };

  readonly #enter = (event: KeyboardEvent): void => {
    if (event.key === "Enter") this.#check();
  };

  readonly #chooseKey = (event: Event): void => {
    if (event.target instanceof HTMLSelectElement) send({ type: "chooseKey", key: keyOfValue(event.target.value) });
  };

  readonly #check = (): void => {
    send({ type: "check", signature: this.signature, timestamp: this.timestamp });
  };
}
