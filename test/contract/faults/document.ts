import type { Outcome } from "./run";

const head = `# Faults

What a person is told, how many requests are sent and what state remains, for every route when the server, or what stands
before it, misbehaves. This file is written by the run that also checks it:

\`\`\`sh
npx vitest run --project contract test/contract/faults       # fails when this file differs
npx vitest run --project contract test/contract/faults -u    # writes it anew
\`\`\`

In every cell the run checks that the wait ends by its limit, that nothing is repeated that must not be, that the rows of
the views stay, that a row which may differ from the server's state is said to, and that the sentence names no secret.
Where it could go on to its limit, it checks as well that a cancel ends it at once, and that the rows stay then too: the
command's own Cancel, another refresh for the list of webhooks, another filter for the deliveries. Limits are the product's own in the
words and shorter in the run; \`pacspace\` stands for the server's host. "After": the request had taken effect.
A sign-in speaks to the server twice: its second request checks the session.
`;

const cell = (text: string): string => text.replaceAll("|", "\\|");

/** The matrix as Markdown: a table for each route, in which misbehaviours that end alike share a row. */
export function document(outcomes: readonly Outcome[]): string {
  const tables = [...new Set(outcomes.map(({ route }) => route))].map((route) => {
    const rows = new Map<string, string[]>();
    for (const { misbehaviour, told, requests, state } of outcomes.filter((outcome) => outcome.route === route)) {
      const end = `${cell(told)} | ${requests} | ${cell(state)}`;
      rows.set(end, [...(rows.get(end) ?? []), misbehaviour]);
    }
    const lines = [...rows].map(([end, names]) => `| ${names.map(cell).join("<br>")} | ${end} |`);
    return [
      `## ${route}`,
      "",
      "| misbehaviour | told | requests | state |",
      "| --- | --- | --- | --- |",
      ...lines,
    ].join("\n");
  });
  return [head, ...tables].join("\n\n").replace(/\n{3,}/g, "\n\n") + "\n";
}
