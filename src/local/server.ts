import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createHttpServer } from "./http";
import { Router } from "./router";
import { demoSeed, type Seeded } from "./seed";
import { Sender } from "./sender";
import { Sessions } from "./sessions";
import { Store } from "./store";
import { WebhookRoutes } from "./webhookRoutes";

export interface LocalOptions {
  /** 0, the default, is any free one. */
  readonly port?: number;
  /** Where the state is kept; none keeps it in memory alone. */
  readonly dataDir?: string;
  /** What a new account holds, nothing by default; one that was there before is left as it is. */
  readonly seed?: "demo" | "empty";
  /** Public origins that stand for servers on this machine, for example https://example.com → http://127.0.0.1:3000. */
  readonly endpoints?: Readonly<Record<string, string>>;
  readonly now?: () => Date;
  /** Waits before the attempts of a retried delivery, in milliseconds. */
  readonly retryDelaysMs?: readonly number[];
  /** How long an endpoint may take, in milliseconds. */
  readonly deliveryTimeoutMs?: number;
  /** How long a request may take to arrive, in milliseconds. */
  readonly requestTimeoutMs?: number;
  /** Gets a line for each request, with method, path, status and duration, and for each attempt that can't be kept. */
  readonly log?: (line: string) => void;
}

export interface LocalPacSpace {
  /** `http://127.0.0.1:port`, without a slash at its end. */
  readonly baseUrl: string;
  readonly port: number;
  /** The secrets of the webhooks that this start has seeded, all but one: given once, as the API does. */
  readonly seededSecrets: readonly { readonly id: string; readonly secret: string }[];
  /** Stops listening and delivering; what was under way stays pending. Once it has ended, asking again does nothing. */
  close(): Promise<void>;
}

const nothing: Seeded = { webhooks: [], deliveries: [], secrets: [] };

/**
 * Starts a PacSpace on this machine: the dashboard API as the reference page documents it, with real signed deliveries.
 * @throws Error when the port is taken (code EADDRINUSE), another process has the directory open (code ELOCKED), or
 *   what is in the directory can't be read
 */
export async function startLocalPacSpace(options: LocalOptions = {}): Promise<LocalPacSpace> {
  const { log = () => undefined, now = () => new Date() } = options;
  let seeded = nothing;
  let router: Router | undefined;
  const server = createHttpServer({
    router: () => {
      if (router === undefined) throw new Error("A request came before the state was read.");
      return router;
    },
    requestTimeoutMs: options.requestTimeoutMs ?? 10_000,
    log,
  });
  // First: a start that finds its port taken must not use up the secrets that are given once.
  await listen(server, options.port ?? 0);
  try {
    const store = new Store({
      directory: options.dataDir,
      now: now(),
      seed: () => {
        if (options.seed === "demo") seeded = demoSeed(now());
        return seeded;
      },
    });
    const sender = new Sender(store, {
      now,
      timeoutMs: options.deliveryTimeoutMs ?? 10_000,
      retryDelaysMs: options.retryDelaysMs ?? [0, 1_000, 5_000],
      endpoints: options.endpoints ?? {},
      log,
    });
    router = new Router(new WebhookRoutes(store, sender, now), new Sessions(store, now));
    sender.resume();
    const { port } = server.address() as AddressInfo;
    const end = async (): Promise<void> => {
      sender.close();
      await closed(server);
      store.close();
    };
    let ending: Promise<void> | undefined;
    return {
      baseUrl: `http://127.0.0.1:${port}`,
      port,
      seededSecrets: seeded.secrets,
      close: () => (ending ??= end()),
    };
  } catch (error) {
    await closed(server);
    throw error;
  }
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      reject(
        error.code === "EADDRINUSE"
          ? Object.assign(new Error(`Port ${port} is taken by another program. Stop it, or choose another port.`), {
              code: error.code,
            })
          : error,
      );
    });
    server.listen(port, "127.0.0.1", () => resolve());
  });
}
