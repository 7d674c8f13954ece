import { html, nothing, type TemplateResult } from "lit";
import { verdictSentence, type VerdictKind } from "../core/model/verdict";
import type { CheckOutcome } from "../protocol/verificationView";
import { counted } from "./format";
import { icon } from "./icon";

const looks: Readonly<Record<VerdictKind, { readonly tone: "good" | "warning" | "bad"; readonly icon: string }>> = {
  valid: { tone: "good", icon: "pass-filled" },
  expired: { tone: "warning", icon: "history" },
  invalid: { tone: "bad", icon: "error" },
  malformed: { tone: "warning", icon: "warning" },
};

function headline({ verdict, age }: CheckOutcome): string {
  switch (verdict.verdict) {
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

/** The verdict in a sentence. Where causes tell why, they stand below in words of their own. */
function reason({ verdict, matchedLabel }: CheckOutcome): string | undefined {
  if (verdict.verdict === "invalid" && verdict.causes.length > 0) return undefined;
  return verdictSentence({ ...verdict, causes: [] }, (id) => matchedLabel ?? id);
}

/** What a check found: the verdict in icon and words, why, and each cause. */
export function outcomeView(outcome: CheckOutcome): TemplateResult {
  const { verdict } = outcome;
  const look = looks[verdict.verdict];
  return html`<div class="callout verdict ${look.tone}">
    ${icon(look.icon, look.tone)}
    <div>
      <h2>${headline(outcome)}</h2>
      <p>${reason(outcome) ?? nothing}</p>
      ${
        verdict.verdict === "expired"
          ? html`<p>Nothing is wrong with it: receivers refuse old requests so that nobody can replay them.</p>`
          : nothing
      }
      ${
        verdict.causes.length === 0
          ? nothing
          : html`<ul class="causes">
              ${verdict.causes.map(
                ({ id, certainty, detail }) =>
                  html`<li>
                    <p>${detail}</p>
                    <p class="muted"><code>${id}</code> · ${certainty}</p>
                  </li>`,
              )}
            </ul>`
      }
      <p class="muted">
        ${verdict.tried === 0 ? "No secret was tried." : `${counted(verdict.tried, "signature")} computed to compare with.`}
      </p>
    </div>
  </div>`;
}
