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

declare module "undici/lib/api/api-request.js" {
  import type { Readable } from "node:stream";
  import type { Dispatcher } from "undici";

  interface Answer {
    readonly statusCode: number;
    readonly headers: Readonly<Record<string, string | string[] | undefined>>;
    readonly body: Readable;
  }

  /** What `request` hands to a dispatcher: collects the head of an answer and makes a stream of its body. */
  interface RequestHandler extends Dispatcher.DispatchHandler {
    /** Called when the whole request was handed to the socket; the class itself doesn't use it. */
    onRequestSent?: () => void;
  }
  class RequestHandler {
    constructor(
      options: Dispatcher.DispatchOptions & { readonly signal?: AbortSignal },
      callback: (error: Error | null, answer: Answer) => void,
    );
  }

  const request: { readonly RequestHandler: typeof RequestHandler };
  export default request;
}
