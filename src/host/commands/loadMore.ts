import type { Services } from "../services";
import type { Command } from "./command";

type Loaded = Record<string, never>;

function loadingMore(
  services: Services,
  of: "webhooks" | "deliveries",
  id: Command<null, Loaded>["id"],
): Command<null, Loaded> {
  return {
    id,
    read: () => null,
    ask: () => Promise.resolve(null),
    run: async () => {
      await services.sidebar.loadMore(of);
      return {};
    },
  };
}

/** Reads the next page of deliveries into the view. */
export function loadMoreDeliveriesCommand(services: Services): Command<null, Loaded> {
  return loadingMore(services, "deliveries", "pacspace.loadMoreDeliveries");
}

/** Reads the next page of webhooks into the view. */
export function loadMoreWebhooksCommand(services: Services): Command<null, Loaded> {
  return loadingMore(services, "webhooks", "pacspace.loadMoreWebhooks");
}
