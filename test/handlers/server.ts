import * as http from "node:http";
import type { AddressInfo } from "node:net";

/** A server on a free port of this machine. */
export interface Served {
  readonly url: string;
  close(): Promise<void>;
}

/** Serves until closed. */
export async function serve(listener: http.RequestListener): Promise<Served> {
  const server = http.createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks/pacspace`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => {
          resolve();
        });
      }),
  };
}
