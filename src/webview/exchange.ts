import { html, nothing, type TemplateResult } from "lit";
import type { DeliveryView, HeaderRow } from "../protocol/deliveryView";
import { localTime } from "./format";
import { icon } from "./icon";

function empty(text: string): TemplateResult {
  return html`<p class="empty">${text}</p>`;
}

function headerTable(rows: readonly HeaderRow[], caption: string): TemplateResult {
  return html`<table class="headers">
    <caption class="visually-hidden">
      ${caption}
    </caption>
    <thead class="visually-hidden">
      <tr>
        <th scope="col">Name</th>
        <th scope="col">Value</th>
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        ({ name, value, note, time }) =>
          html`<tr>
            <th scope="row">${name}</th>
            <td>
              <code>${value}</code>
              ${
                note === undefined
                  ? nothing
                  : html`<div class="muted">
                      ${note}${time === undefined ? nothing : html` Here: ${localTime(time)}.`}
                    </div>`
              }
            </td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

/** The body that PacSpace sent. */
export function payloadTab({ payload }: DeliveryView): TemplateResult {
  return payload === undefined
    ? empty("PacSpace's API gives no payload for this delivery.")
    : html`<pacspace-text .text=${payload} .of=${"payload"} label="Payload" formatted></pacspace-text>`;
}

/** The headers that PacSpace sent. */
export function headersTab({ requestHeaders }: DeliveryView): TemplateResult {
  return requestHeaders.length === 0
    ? empty("PacSpace's API gives no request headers for this delivery.")
    : headerTable(requestHeaders, "Request headers");
}

/** What the endpoint answered. */
export function answerTab({ captured, httpStatus, response, responseHeaders, error }: DeliveryView): TemplateResult {
  if (httpStatus === undefined && response === undefined && responseHeaders.length === 0) {
    if (error !== undefined) return empty(`There was no answer: ${error}`);
    return empty(captured === undefined ? "The endpoint's answer is not known." : "The receiver itself answered 200.");
  }
  return html`
    ${httpStatus === undefined ? nothing : html`<p class="answer-status">${statusIcon(httpStatus)} HTTP ${httpStatus}</p>`}
    ${
      responseHeaders.length === 0
        ? nothing
        : html`<h2>Headers</h2>
            ${headerTable(responseHeaders, "Response headers")}`
    }
    <h2>Body</h2>
    ${
      response === undefined
        ? empty(captured === undefined ? "PacSpace's API gives no body of the answer." : "The answer had no body.")
        : html`<pacspace-text .text=${response} .of=${"response"} label="Answer" formatted></pacspace-text>`
    }
  `;
}

function statusIcon(httpStatus: number): TemplateResult {
  return httpStatus >= 200 && httpStatus < 300 ? icon("pass", "good") : icon("error", "bad");
}

/** The API's row, as it came; of a capture, what is kept of it. */
export function rawTab({ captured, raw }: DeliveryView): TemplateResult {
  const label = captured === undefined ? "The API's row" : "The capture";
  return html`<pacspace-text .text=${raw} .of=${"raw"} label=${label}></pacspace-text>`;
}
