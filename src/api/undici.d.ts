// undici's parts that are loaded one by one: its main entry takes over the process's fetch dispatcher when it is loaded.

declare module "undici/lib/dispatcher/agent.js" {
  import { Agent } from "undici";
  export = Agent;
}

declare module "undici/lib/dispatcher/pool.js" {
  import { Pool } from "undici";
  export = Pool;
}

declare module "undici/lib/dispatcher/proxy-agent.js" {
  import { ProxyAgent } from "undici";
  export = ProxyAgent;
}

declare module "undici/lib/api/api-connect.js" {
  import type { Dispatcher } from "undici";
  /** Makes a tunnel. It is a method of dispatchers only where undici's main entry was loaded. */
  function connect(this: Dispatcher, options: Dispatcher.ConnectOptions): Promise<unknown>;
  export = connect;
}
