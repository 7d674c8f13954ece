import { createAuthApi } from "./authApi";
import type { ClientOptions, PacSpaceApi } from "./pacspaceApi";
import { Transport } from "./transport";
import { createWebhooksApi } from "./webhooksApi";

/**
 * Makes the client of one PacSpace. Nothing is sent, and undici isn't loaded, before the first request.
 * @param options where it is, the session to begin with, connection settings, and what to call on changes
 * @throws PacSpaceError `invalid` for a base URL that can't be used
 */
export function createClient(options: ClientOptions): PacSpaceApi {
  const transport = new Transport(options);
  return {
    webhooks: createWebhooksApi(transport),
    auth: createAuthApi(transport),
    exportSession: () => transport.jar.export(),
    importSession: (serialized) => void transport.jar.import(serialized),
    close: () => transport.close(),
  };
}
