import type * as vscode from "vscode";
import { onFirstUse } from "../platform/onFirstUse";
import type { Services } from "../services";
import { AnswerDocuments } from "./answerDocuments";
import type { Sending } from "./sending";

/** Sending to handlers, whose bundle is loaded with the first event. Documents of answers outlive it in the editor. */
export function lazySending(
  memory: vscode.Memento,
  services: () => Services,
): { dispose(): void } & { get(): Promise<Sending> } {
  const answers = new AnswerDocuments();
  const get = onFirstUse(async (): Promise<Sending> => {
    const { Sending } = await import("./sending");
    return new Sending(services(), memory, answers);
  });
  return { get, dispose: () => answers.dispose() };
}
