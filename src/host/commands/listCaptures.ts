import * as vscode from "vscode";
import type { Capture } from "../../core/model/capture";
import type { Services } from "../services";
import type { Command } from "./command";

interface Listed {
  readonly captures: readonly object[];
  /** How many older ones had to make room. */
  readonly dropped: number;
}

function summaryOf({ body, check, forward, headers, ...rest }: Capture): object {
  return {
    ...rest,
    bytes: body.length,
    headers,
    check: check.state,
    ...("webhookId" in check && { webhookId: check.webhookId }),
    ...(forward !== undefined && { forward: forward.state }),
    ...(forward?.state === "answered" && { handlerStatus: forward.status, handlerMs: forward.durationMs }),
    ...(forward?.state === "failed" && { handlerError: forward.message }),
  };
}

/** Lists what was captured, newest first, without bodies. A person sees it in the view. */
export function listCapturesCommand(services: Services): Command<null, Listed> {
  return {
    id: "pacspace.listCaptures",
    read: () => null,
    ask: async () => {
      await vscode.commands.executeCommand("pacspace.captures.focus");
      return undefined;
    },
    run: async () => {
      const desk = await services.receiver.get();
      await desk.settle();
      const { captures, dropped } = desk.store;
      return { captures: captures.map(summaryOf), dropped };
    },
  };
}
