import { html, nothing, type TemplateResult } from "lit";
import type { FindingView, SnippetView } from "../protocol/outcomeView";
import { icon } from "./icon";
import { send } from "./vscodeApi";

const controls: Readonly<Record<number, string>> = { 9: "\\t", 10: "\\n", 13: "\\r", 32: "a space" };

/** The byte where two sides part, in hex and, where it stands for a character by itself, as text. */
function byteName({ differsAt, start, hex }: SnippetView): string {
  const digits = hex.split(" ")[differsAt - start];
  if (digits === undefined || digits === "") return "the end";
  const value = Number.parseInt(digits, 16);
  const visible = value > 32 && value < 127 ? String.fromCharCode(value) : undefined;
  const text = controls[value] ?? visible;
  return text === undefined ? digits : `${digits} (${text})`;
}

/** Bytes in hex, the first one that differs marked. */
function hexView({ differsAt, start, hex }: SnippetView): TemplateResult {
  const bytes = hex === "" ? [] : hex.split(" ");
  const at = differsAt - start;
  const [before, here, after] = [bytes.slice(0, at), bytes[at] ?? "end", bytes.slice(at + 1)];
  return html`<code>${before.join(" ")} <mark>${here}</mark> ${after.join(" ")}</code>`;
}

function sideView(name: string, snippet: SnippetView): TemplateResult {
  return html`<tr>
    <th scope="row">${name}</th>
    <td>${hexView(snippet)}</td>
    <td><code>${snippet.text}</code></td>
  </tr>`;
}

function difference(before: SnippetView, after: SnippetView): TemplateResult {
  return html`<p>
      The first byte that differs is number ${before.differsAt}, counted from 0:
      <code>${byteName(before)}</code> arrived, <code>${byteName(after)}</code> matches.
    </p>
    <table class="difference">
      <thead class="visually-hidden">
        <tr>
          <th scope="col">Side</th>
          <th scope="col">Bytes</th>
          <th scope="col">Text</th>
        </tr>
      </thead>
      <tbody>
        ${sideView("As it arrived", before)} ${sideView("As it matches", after)}
      </tbody>
    </table>`;
}

/** One cause: what happened, how sure that is, what was changed to make it match, and what to change. */
export function findingView({ id, certainty, detail, before, after, change, code }: FindingView): TemplateResult {
  return html`<li class="finding">
    <h3>${detail}</h3>
    <p class="muted">
      ${certainty === "proven" ? icon("verified-filled") : icon("question")}
      ${certainty === "proven" ? "Proven" : "Likely"} · <code>${id}</code>
    </p>
    ${before === undefined || after === undefined ? nothing : difference(before, after)}
    <h4>What to change</h4>
    <p>${change}</p>
    <pre class="code"><code>${code}</code></pre>
    <div class="actions">
      <vscode-button secondary icon="copy" @click=${() => send({ type: "copyCode", cause: id })}>Copy</vscode-button>
      <vscode-button secondary icon="insert" @click=${() => send({ type: "insertCode", cause: id })}
        >Insert into Editor</vscode-button
      >
    </div>
  </li>`;
}
