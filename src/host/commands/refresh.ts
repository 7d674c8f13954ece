import type { Services } from "../services";
import type { Command } from "./command";

/** Reads webhooks and deliveries anew. */
export function refreshCommand(services: Services): Command<null, Record<string, never>> {
  return {
    id: "pacspace.refresh",
    read: () => null,
    ask: () => Promise.resolve(null),
    run: async () => {
      await services.sidebar.refresh();
      return {};
    },
  };
}
