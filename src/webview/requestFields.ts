import { html, nothing, type TemplateResult } from "lit";
import type { BodySource, RequestSource, VerificationView } from "../protocol/verificationView";
import { counted } from "./format";
import { icon } from "./icon";
import { send } from "./vscodeApi";

const sources: Readonly<
  Record<BodySource, { readonly button: string; readonly icon: string; readonly taken: string }>
> = {
  payload: { button: "This Delivery's Payload", icon: "package", taken: "This delivery's payload" },
  clipboard: { button: "Clipboard", icon: "clippy", taken: "From the clipboard" },
  file: { button: "File…", icon: "file", taken: "From a file" },
  base64: { button: "Base64…", icon: "file-binary", taken: "From base64" },
};

const taken = (source: NonNullable<VerificationView["body"]>["source"]): string =>
  source === "request" ? "From the request" : sources[source].taken;

const requestSources: Readonly<Record<RequestSource, { readonly button: string; readonly icon: string }>> = {
  clipboard: { button: "Paste a Whole Request", icon: "clippy" },
  file: { button: "Request in a File…", icon: "file" },
};

/** Takes the parts out of a whole request, and says what it was read as. */
export function requestField({ request }: VerificationView): TemplateResult {
  return html`<div class="field" role="group" aria-labelledby="request-label">
    <span id="request-label" class="label">Whole request</span>
    <div class="actions">
      ${(Object.keys(requestSources) as RequestSource[]).map(
        (from) =>
          html`<vscode-button
            secondary
            icon=${requestSources[from].icon}
            @click=${() => send({ type: "takeRequest", from })}
            >${requestSources[from].button}</vscode-button
          >`,
      )}
    </div>
    ${
      request === undefined
        ? html`<p class="muted">Raw HTTP, a curl command, a HAR entry, logged headers: it fills in what follows.</p>`
        : html`<p>
              Read ${request.from} as <strong>${request.readAs}</strong>${
                request.headers === 0 ? "" : ` with ${counted(request.headers, "header")}`
              }.
            </p>
            ${request.notes.map((note) => html`<p class="note">${icon("info")} <span>${note}</span></p>`)}`
    }
  </div>`;
}

/** Takes the body, and says what the host holds of it. */
export function bodyField({ body, hasPayload }: VerificationView): TemplateResult {
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
              <dt>${taken(body.source)}</dt>
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
