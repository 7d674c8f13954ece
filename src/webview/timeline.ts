import { html, nothing, type TemplateResult } from "lit";
import type { AttemptRow, DeliveryView } from "../protocol/deliveryView";
import { counted, duration, localTime } from "./format";
import { htmlText } from "./htmlText";
import { icon } from "./icon";
import { send } from "./vscodeApi";

const outcomes: Readonly<
  Record<AttemptRow["outcome"], { readonly icon: string; readonly tone: "" | "good" | "bad"; readonly words: string }>
> = {
  accepted: { icon: "pass", tone: "good", words: "Accepted" },
  refused: { icon: "error", tone: "bad", words: "Refused" },
  unanswered: { icon: "debug-disconnect", tone: "bad", words: "No answer" },
  unknown: { icon: "question", tone: "", words: "The outcome is not told" },
};

function when({ acceptedAt, at, waitMs }: AttemptRow): TemplateResult {
  const time =
    at !== undefined
      ? localTime(at)
      : acceptedAt !== undefined
        ? html`accepted ${localTime(acceptedAt)}`
        : html`The time is not told`;
  return html`<p class="muted">
    ${time}${
      waitMs === undefined
        ? nothing
        : html` · <span title="Since the attempt before it began">after ${duration(waitMs)}</span>`
    }
  </p>`;
}

function answer({ number, response }: AttemptRow, index: number): TemplateResult | typeof nothing {
  if (response === undefined) return nothing;
  if (response.text === "") return html`<p class="muted">The answer has no body.</p>`;
  const readable = htmlText(response.text);
  return html`
    ${readable === undefined ? nothing : html`<p class="page-text">${readable}</p>`}
    <details>
      <summary>${readable === undefined ? "Answer" : "The page's source"}, ${counted(response.bytes, "byte")}</summary>
      <pacspace-text
        .text=${response}
        .of=${{ attempt: index }}
        label="Answer to attempt ${number ?? index + 1}"
        formatted
      ></pacspace-text>
    </details>
  `;
}

/** @param place counted from 1 among those shown, by which the host finds the attempt */
function actions(row: AttemptRow, place: number): TemplateResult | typeof nothing {
  const answered = row.httpStatus !== undefined || row.response !== undefined;
  if (!answered && place === 1) return nothing;
  return html`<div class="actions attempt-actions">
    ${
      answered
        ? html`<vscode-toolbar-button
            icon="go-to-file"
            label="Open Answer, attempt ${row.number ?? place}"
            @click=${() => send({ type: "openAnswer", attempt: place })}
            >Open Answer</vscode-toolbar-button
          >`
        : nothing
    }
    ${
      place === 1
        ? nothing
        : html`<vscode-toolbar-button
            icon="diff"
            label="Compare with the One Before, attempt ${row.number ?? place}"
            @click=${() => send({ type: "compareAttempts", left: place - 1, right: place })}
            >Compare with the One Before</vscode-toolbar-button
          >`
    }
  </div>`;
}

function attempt(row: AttemptRow, index: number, each: boolean): TemplateResult {
  const { durationMs, error, httpStatus, number } = row;
  const { icon: name, tone, words } = outcomes[row.outcome];
  return html`<li class="attempt">
    <div class="attempt-heading">
      ${icon(name, tone)}
      <h2>${number === undefined ? (each ? "An attempt" : "The last attempt") : `Attempt ${number}`}</h2>
      <span>${words}${httpStatus === undefined ? "" : ` · HTTP ${httpStatus}`}</span>
      ${durationMs === undefined ? nothing : html`<span class="muted">took ${duration(durationMs)}</span>`}
    </div>
    ${when(row)} ${error === undefined ? nothing : html`<p>${error}</p>`} ${answer(row, index)}
    ${each ? actions(row, index + 1) : nothing}
  </li>`;
}

/** What is not told, in words: that it is missing shall not look as if it had not happened. */
function gap({ attemptCount, attempts, attemptsTold, captured }: DeliveryView): string | undefined {
  if (captured !== undefined) return attempts.length > 0 ? undefined : "It was not sent on to a handler.";
  if (attemptsTold === "each") {
    return attemptCount !== undefined && attemptCount > attempts.length
      ? `${counted(attemptCount, "attempt")} were made; PacSpace's API describes ${attempts.length === 1 ? "one" : attempts.length} of them.`
      : undefined;
  }
  if (attemptsTold === "last") {
    if (attemptCount === undefined) return "How often PacSpace tried is not told; this is the last answer.";
    return attemptCount > 1
      ? `PacSpace tried ${attemptCount} times. Its API tells of the last attempt alone.`
      : "PacSpace tried once. Its API doesn't tell when that attempt began.";
  }
  if (attemptCount === undefined) return "How often PacSpace tried is not told.";
  if (attemptCount === 0) return "PacSpace has not tried yet.";
  return attemptCount === 1
    ? "PacSpace tried once. Its API tells no more about that attempt."
    : `PacSpace tried ${attemptCount} times. Its API tells no more about the single attempts.`;
}

/** The attempts, one under another in time. */
export function attemptsTab(delivery: DeliveryView): TemplateResult {
  const { attempts, attemptsTold } = delivery;
  const untold = gap(delivery);
  return html`
    ${untold === undefined ? nothing : html`<p class="note">${icon("info")} <span>${untold}</span></p>`}
    ${
      attempts.length === 0
        ? nothing
        : html`<ol class="timeline" role="list" aria-label="Attempts, oldest first">
            ${attempts.map((row, index) => attempt(row, index, attemptsTold === "each"))}
          </ol>`
    }
  `;
}
