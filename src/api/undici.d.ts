// undici's parts that are loaded one by one: its main entry takes over the process's fetch dispatcher when it is loaded.

declare module "undici/lib/dispatcher/agent.js" {
  import { Agent } from "undici";
  export default Agent;
}

declare module "undici/lib/dispatcher/pool.js" {
  import { Pool } from "undici";
  export default Pool;
}

declare module "undici/lib/dispatcher/proxy-agent.js" {
  import { ProxyAgent } from "undici";
  export default ProxyAgent;
}

declare module "undici/lib/api/api-connect.js" {
  import type { Dispatcher } from "undici";
  /** Makes a tunnel. It is a method of dispatchers only where undici's main entry was loaded. */
  export default function connect(this: Dispatcher, options: Dispatcher.ConnectOptions): Promise<unknown>;
}
