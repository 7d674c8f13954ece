import * as tls from "node:tls";
import type { Dispatcher, ProxyAgent } from "undici";
import type { ConnectionSettings } from "./pacspaceApi";

/**
 * Loads the parts of undici that are needed, on the first request. undici's main entry would make itself the
 * dispatcher of the whole process's `fetch`; these parts don't. Node loads its own fetch when `Headers` is first
 * touched: doing that first keeps its settings its own whatever is loaded later.
 */
async function loadUndici() {
  Reflect.get(globalThis, "Headers");
  const [agent, pool, proxyAgent, connect] = await Promise.all([
    import("undici/lib/dispatcher/agent.js"),
    import("undici/lib/dispatcher/pool.js"),
    import("undici/lib/dispatcher/proxy-agent.js"),
    import("undici/lib/api/api-connect.js"),
  ]);
  return { Agent: agent.default, Pool: pool.default, ProxyAgent: proxyAgent.default, connect: connect.default };
}

type Undici = Awaited<ReturnType<typeof loadUndici>>;
type TlsOptions = NonNullable<ProxyAgent.Options["requestTls"]>;
type Proxy = NonNullable<ReturnType<NonNullable<ConnectionSettings["proxyFor"]>>>;

/** The certificates that Node trusts by itself; `NODE_EXTRA_CA_CERTS` is among them from Node 22.15 on. */
function defaultCertificates(): readonly string[] {
  const { getCACertificates } = tls as { getCACertificates?: (kind: "default") => string[] };
  return getCACertificates?.("default") ?? tls.rootCertificates;
}

/**
 * A proxy that hangs up while the tunnel is being made looks to undici like a kept connection that was closed, and it
 * would try again for ever: name it a reset, so that the request fails.
 */
async function namedReset<T>(tunnel: Promise<T>): Promise<T> {
  try {
    return await tunnel;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "UND_ERR_SOCKET") throw error;
    throw Object.assign(new Error("The proxy closed the connection", { cause: error }), { code: "PROXY_CLOSED" });
  }
}

/** The connections of one client, direct ones and those through proxies, made when they are first needed. */
export class Connections {
  readonly #dispatchers = new Map<string, Dispatcher>();
  #undici: Promise<Undici> | undefined;
  #tls: TlsOptions | undefined;

  /**
   * @param settings proxy and certificates
   * @param limitMs for reaching the server, with its TLS handshake
   */
  constructor(
    private readonly settings: ConnectionSettings,
    private readonly limitMs: number,
  ) {}

  /** The proxy for a URL, as its origin alone: user and password stay out of messages. */
  proxyName(url: URL): string | undefined {
    const proxy = this.settings.proxyFor?.(url);
    return proxy === undefined ? undefined : URL.canParse(proxy.url) ? new URL(proxy.url).host : "the proxy";
  }

  /**
   * The dispatcher to a URL.
   * @param fresh asks for a connection of its own, so that an unsafe request never meets one which the server is
   * about to close: that would leave open whether the request was carried out
   * @throws undici's InvalidArgumentError or a TypeError for a proxy whose address can't be used
   */
  async to(url: URL, fresh: boolean): Promise<Dispatcher> {
    const undici = await (this.#undici ??= loadUndici());
    const proxy = this.settings.proxyFor?.(url);
    const key = JSON.stringify([fresh, proxy?.url, proxy?.authorization]);
    let dispatcher = this.#dispatchers.get(key);
    if (dispatcher === undefined) {
      dispatcher = this.#create(undici, fresh, proxy);
      this.#dispatchers.set(key, dispatcher);
    }
    return dispatcher;
  }

  /** Closes all sockets; requests under way fail. */
  async destroy(): Promise<void> {
    const all = [...this.#dispatchers.values()];
    this.#dispatchers.clear();
    await Promise.all(all.map((dispatcher) => dispatcher.destroy()));
  }

  #tlsOptions(): TlsOptions {
    const extra = this.settings.certificates ?? [];
    return {
      timeout: this.limitMs,
      rejectUnauthorized: this.settings.strictTls ?? true,
      // A list replaces Node's own certificates, so they belong in it; one context serves all connections.
      ...(extra.length > 0 && { secureContext: tls.createSecureContext({ ca: [...defaultCertificates(), ...extra] }) }),
    };
  }

  #create({ Agent, Pool, ProxyAgent, connect }: Undici, fresh: boolean, proxy: Proxy | undefined): Dispatcher {
    // How long an answer may take is the exchange's business: it knows when the request was sent.
    const common = { headersTimeout: 0, ...(fresh && { pipelining: 0 }) };
    const secure = (this.#tls ??= this.#tlsOptions());
    if (proxy === undefined) return new Agent({ ...common, connect: secure });
    return new ProxyAgent({
      ...common,
      uri: proxy.url,
      ...(proxy.authorization !== undefined && { token: proxy.authorization }),
      requestTls: secure,
      proxyTls: secure,
      clientFactory: (origin, options) => {
        const pool = new Pool(origin, { ...options, headersTimeout: this.limitMs });
        return Object.assign(pool, {
          connect: (tunnel: Dispatcher.ConnectOptions) => namedReset(connect.call(pool, tunnel)),
        });
      },
    });
  }
}
