import { html, type TemplateResult } from "lit";
import { classMap } from "lit/directives/class-map.js";

/** A codicon beside words that say the same: never alone. */
export function icon(name: string, tone: "" | "good" | "bad" | "warning" | "spin" = ""): TemplateResult {
  const classes = { codicon: true, [`codicon-${name}`]: true, [tone === "" ? "plain" : tone]: true };
  return html`<span class=${classMap(classes)} aria-hidden="true"></span>`;
}
