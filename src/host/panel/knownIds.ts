import type { KnownId } from "../../protocol/hostMessages";
import type { InspectorServices } from "./inspectorServices";

/**
 * Those of some ids that lead somewhere: deliveries that are loaded, and webhooks.
 * @param own the id of the delivery shown, which leads nowhere else
 */
export function knownIds(services: InspectorServices, ids: readonly string[], own: string | undefined): KnownId[] {
  return ids.flatMap((id): readonly KnownId[] => {
    if (id === own) return [];
    if (services.deliveries.loaded({ id }) !== undefined) return [{ kind: "delivery", id }];
    const label = services.webhookLabel(id);
    return label === undefined ? [] : [{ kind: "webhook", id, label }];
  });
}
