import { html, nothing, type TemplateResult } from "lit";
import type { DeliveryView } from "../protocol/deliveryView";
import { counted, duration, localTime } from "./format";
import { icon } from "./icon";
import { send } from "./vscodeApi";

const statuses: Readonly<Record<string, TemplateResult>> = {
  delivered: html`${icon("pass", "good")} Delivered`,
  failed: html`${icon("error", "bad")} Failed`,
  pending: html`${icon("clock", "warning")} Pending`,
  checking: html`${icon("loading", "spin")} Checking`,
  verified: html`${icon("pass", "good")} Verified`,
  expired: html`${icon("history", "warning")} Expired`,
  wrong: html`${icon("error", "bad")} Wrong signature`,
  unsigned: html`${icon("unverified", "warning")} Unsigned`,
  unchecked: html`${icon("key", "warning")} No secret to check with`,
};

function fact(name: string, value: unknown, size: "short" | "long" = "short"): TemplateResult | typeof nothing {
  if (value === undefined) return nothing;
  return html`<div class="fact ${size}">
    <dt>${name}</dt>
    <dd>${value}</dd>
  </div>`;
}

function facts(delivery: DeliveryView): TemplateResult {
  const { attemptCount, captured, createdAt, deliveredAt, durationMs, endpoint, httpStatus, id } = delivery;
  // A webhook without a description is called by its URL.
  const label = delivery.webhookLabel === endpoint?.replace(/^https?:\/\//, "") ? undefined : delivery.webhookLabel;
  const webhook = label ?? delivery.webhookId;
  return html`<dl class="facts">
    ${fact(
      captured === undefined ? "Delivery" : "Capture",
      html`<span class="with-action">
        <code>${id}</code>
        <vscode-toolbar-button
          icon="copy"
          label="Copy this id"
          title="Copy this id"
          @click=${() => send({ type: "copy", part: "id" })}
        ></vscode-toolbar-button>
      </span>`,
      "long",
    )}
    ${fact("Webhook", webhook && html`<span title=${delivery.webhookId ?? ""}>${webhook}</span>`)}
    ${captured === undefined ? nothing : howItCame(captured)}
    ${fact(captured === undefined ? "Endpoint" : "Handler", endpoint, "long")}
    ${fact(captured === undefined ? "Created" : "Received", createdAt && localTime(createdAt))}
    ${fact("Delivered", deliveredAt && localTime(deliveredAt))}
    ${fact("Attempts", captured === undefined ? attemptCount : undefined)} ${fact("HTTP status", httpStatus)}
    ${fact("Duration", durationMs === undefined ? undefined : duration(durationMs))}
  </dl>`;
}

function howItCame({ method, target, polled, duplicateOf }: NonNullable<DeliveryView["captured"]>) {
  return html`${fact("Request", `${method} ${target}`)} ${fact("Came", polled ? "by polling, signed here" : undefined)}
  ${fact("Duplicate of", duplicateOf && html`<code>${duplicateOf}</code>`)}`;
}

function actions(delivery: DeliveryView, retrying: boolean): TemplateResult {
  return html`<div class="actions">
    ${
      delivery.status === "failed"
        ? html`<vscode-button
            icon=${retrying ? "loading" : "debug-restart"}
            ?icon-spin=${retrying}
            ?disabled=${retrying}
            aria-disabled=${retrying ? "true" : "false"}
            @click=${() => send({ type: "retry" })}
            >${retrying ? "Retrying…" : "Retry"}</vscode-button
          >`
        : nothing
    }
    ${
      delivery.status === "pending"
        ? html`<vscode-button secondary icon="refresh" @click=${() => send({ type: "refresh" })}
            >Refresh</vscode-button
          >`
        : nothing
    }
    <vscode-button secondary icon="verified" @click=${() => send({ type: "verifyDelivery" })}
      >Verify This Delivery</vscode-button
    >
    ${
      delivery.payload === undefined
        ? nothing
        : html`${
              delivery.payload.notText
                ? nothing
                : html`<vscode-button secondary icon="copy" @click=${() => send({ type: "copy", part: "payload" })}
                    >Copy Payload</vscode-button
                  >`
            }
            <vscode-button secondary icon="debug-rerun" @click=${() => send({ type: "replay" })}>Replay…</vscode-button>
            <vscode-button secondary icon="terminal" @click=${() => send({ type: "copyRequest", as: "curl" })}
              >Copy as curl</vscode-button
            >
            <vscode-button secondary icon="file-code" @click=${() => send({ type: "copyRequest", as: "http" })}
              >Copy as HTTP File</vscode-button
            >`
    }
    ${
      delivery.payload === undefined || delivery.event === undefined
        ? nothing
        : html`<vscode-button secondary icon="diff" @click=${() => send({ type: "compareWithLastSuccessful" })}
            >Compare with Last Successful</vscode-button
          >`
    }
  </div>`;
}

function heading({ captured, event }: DeliveryView): string {
  return event ?? (captured === undefined ? "Unknown event" : `${captured.method} ${captured.target}`);
}

/** The top of the panel: what happened to which event, and what can be done about it. */
export function summary(delivery: DeliveryView, retrying: boolean): TemplateResult {
  const { attemptCount, error, status } = delivery;
  return html`<header class="summary">
    <div class="heading">
      <h1>${heading(delivery)}</h1>
      <span class="status">${statuses[status] ?? html`${icon("question")} ${status}`}</span>
    </div>
    ${
      error === undefined
        ? nothing
        : html`<p class="callout bad">
            ${icon("error", "bad")}
            <span
              >${error}${
                attemptCount !== undefined && attemptCount > 1
                  ? html`<span class="muted"> · after ${counted(attemptCount, "attempt")}</span>`
                  : nothing
              }</span
            >
          </p>`
    }
    ${actions(delivery, retrying)} ${facts(delivery)}
  </header>`;
}
