import * as vscode from "vscode";
import { textField } from "../../core/model/fields";
import { settings } from "../platform/settings";
import type { Services } from "../services";
import type { Command } from "./command";
import { askForwardUrl } from "./startReceiver";

/** Sets where the receiver forwards captures to; an empty URL means nowhere. */
export function forwardCapturesCommand(
  services: Services,
): Command<string, { readonly forwardTo: string | undefined }> {
  return {
    id: "pacspace.forwardCaptures",
    read: (argument) => textField(argument, "url") ?? "",
    ask: async () => {
      const { running } = await services.receiver.get();
      return askForwardUrl(vscode.l10n.t("Forward Captures"), running?.forwardTo ?? settings.handlerUrl());
    },
    run: async (url) => {
      const forwardTo = url === "" ? undefined : url;
      await (await services.receiver.get()).forwardTo(forwardTo);
      return { forwardTo };
    },
  };
}
