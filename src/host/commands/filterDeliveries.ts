import { readDeliveryViewFilter, type DeliveryViewFilter } from "../../core/model/deliveryFilter";
import type { Services } from "../services";
import type { Command } from "./command";
import { pickDeliveryFilter } from "./filterPicker";

interface Filtered {
  readonly filter: DeliveryViewFilter;
}

async function apply(services: Services, filter: DeliveryViewFilter): Promise<Filtered> {
  const account = services.account();
  const before = account.deliveries.snapshot.loaded;
  account.deliveries.setFilter(filter);
  await services.filters.write(account.environment, filter);
  // The filter stands even where its rows can't be read now: the view says why.
  if (!account.deliveries.snapshot.loaded && (before || (await account.hasSession()))) {
    await services.sidebar.loadDeliveries().catch(() => undefined);
  }
  return { filter };
}

/** Sets the Deliveries view's filter, kept across restarts. */
export function filterDeliveriesCommand(services: Services): Command<DeliveryViewFilter, Filtered> {
  return {
    id: "pacspace.filterDeliveries",
    read: readDeliveryViewFilter,
    ask: (nodes) => {
      const [webhook] = nodes.flatMap((node) => (node.kind === "webhook" ? [node.webhook] : []));
      if (webhook === undefined) return pickDeliveryFilter(services.account());
      return Promise.resolve({ ...services.account().deliveries.filter, webhookId: webhook.id });
    },
    run: (filter) => apply(services, filter),
  };
}

/** Shows all deliveries again. */
export function clearDeliveryFilterCommand(services: Services): Command<null, Filtered> {
  return {
    id: "pacspace.clearDeliveryFilter",
    read: () => null,
    ask: () => Promise.resolve(null),
    run: () => apply(services, {}),
  };
}
