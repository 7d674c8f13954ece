import { html, nothing, type TemplateResult } from "lit";
import { frameworkNames, type Framework } from "../core/model/diagnosis";
import { verdictSentence, type VerdictKind } from "../core/model/verdict";
import type { CheckOutcome } from "../protocol/outcomeView";
import { findingView } from "./finding";
import { amount, counted, duration } from "./format";
import { icon } from "./icon";
import { send } from "./vscodeApi";

const looks: Readonly<Record<VerdictKind, { readonly tone: "good" | "warning" | "bad"; readonly icon: string }>> = {
  valid: { tone: "good", icon: "pass-filled" },
  expired: { tone: "warning", icon: "history" },
  invalid: { tone: "bad", icon: "error" },
  malformed: { tone: "warning", icon: "warning" },
};

function headline({ verdict, age }: CheckOutcome): string {
  switch (verdict) {
    case "valid":
      return "Valid";
    case "expired":
      return age === undefined ? "Authentic, but outside the tolerance" : `Authentic; ${age}`;
    case "invalid":
      return "Invalid";
    case "malformed":
      return "Can't be checked";
  }
}

/** The verdict in a sentence. Why it is so stands below, cause by cause. */
function reason({ verdict, matchedWebhookId, matchedLabel, tried, findings }: CheckOutcome): string {
  if ((verdict === "invalid" || verdict === "malformed") && findings.length > 0) {
    const proven = findings.filter(({ certainty }) => certainty === "proven").length;
    const causes = counted(findings.length, "cause");
    if (proven === 0) return `${causes} likely, none proven.`;
    return proven === findings.length ? `${causes}, proven.` : `${causes}, ${proven} proven.`;
  }
  const strict = { verdict, causes: [], tried, ...(matchedWebhookId !== undefined && { matchedWebhookId }) };
  return verdictSentence(strict, (id) => matchedLabel ?? id);
}

/** What a screen reader says of an answer: the verdict, why, and what to change. */
export function spokenOutcome(outcome: CheckOutcome): string {
  const causes = outcome.findings.map(({ detail, change }) => ` ${detail} ${change}`).join("");
  const fact = outcome.nextFact === undefined ? "" : ` One further fact would decide: ${outcome.nextFact}`;
  return `${headline(outcome)}. ${reason(outcome)}${causes}${fact}`;
}

function frameworkChoice(chosen: Framework): TemplateResult {
  const names = Object.entries(frameworkNames) as readonly (readonly [Framework, string])[];
  const choose = (event: Event): void => {
    const name = names.find(([id]) => event.target instanceof HTMLSelectElement && event.target.value === id)?.[0];
    if (name !== undefined) send({ type: "chooseFramework", framework: name });
  };
  return html`<div class="framework">
    <label for="framework">Code for</label>
    <select id="framework" @change=${choose}>
      ${names.map(([id, name]) => html`<option value=${id} .selected=${id === chosen}>${name}</option>`)}
    </select>
  </div>`;
}

function triedView({ attempts, tried, elapsedMs, outOfTime }: CheckOutcome): TemplateResult {
  if (tried === 0) return html`<p class="muted">No secret was tried.</p>`;
  return html`<details class="tried">
    <summary>What was tried: ${counted(tried, "signature")} in ${duration(elapsedMs)}</summary>
    <table>
      <thead>
        <tr>
          <th scope="col">Family</th>
          <th scope="col" class="amount">Signatures</th>
          <th scope="col" class="amount">Time</th>
        </tr>
      </thead>
      <tbody>
        ${attempts.map(
          ({ family, count, elapsedMs }) =>
            html`<tr>
              <th scope="row">${family}</th>
              <td class="amount">${amount(count)}</td>
              <td class="amount">${duration(elapsedMs)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
    ${outOfTime ? html`<p class="note">${icon("watch")} <span>Time ended before everything was tried.</span></p>` : nothing}
  </details>`;
}

/** What a check found: the verdict in icon and words, each cause with what to change, and what was tried. */
export function outcomeView(outcome: CheckOutcome, framework: Framework): TemplateResult {
  const { verdict, findings, nextFact } = outcome;
  const look = looks[verdict];
  return html`<div class="callout verdict ${look.tone}">
      ${icon(look.icon, look.tone)}
      <div>
        <h2>${headline(outcome)}</h2>
        <p>${reason(outcome)}</p>
        ${
          verdict === "expired"
            ? html`<p>Nothing is wrong with it: receivers refuse old requests so that nobody can replay them.</p>`
            : nothing
        }
      </div>
    </div>
    ${
      nextFact === undefined
        ? nothing
        : html`<div class="callout">
            ${icon("question")}
            <div>
              <h2>One further fact would decide</h2>
              <p>${nextFact}</p>
            </div>
          </div>`
    }
    ${
      findings.length === 0
        ? nothing
        : html`${frameworkChoice(framework)}
            <ol class="findings">
              ${findings.map((finding) => findingView(finding))}
            </ol>`
    }
    ${triedView(outcome)}
    <div class="actions">
      <vscode-button secondary icon="markdown" @click=${() => send({ type: "copyReport" })}
        >Copy as Markdown</vscode-button
      >
    </div>`;
}
