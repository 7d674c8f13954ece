import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

const chunk = Buffer.alloc(
  64 * 1024,
  "evt_0123456789,delta.verified,webhook_abc,delivered,2026-04-10T12:00:00.000Z\r\n",
);

export interface CsvServer {
  readonly baseUrl: string;
  readonly server: Server;
  /** How many exports were left before their end. */
  readonly left: () => number;
}

/**
 * Serves an export as fast as it is taken, and an empty list of webhooks for whoever signs in.
 * @param size in bytes, a multiple of 64 KiB
 */
export async function startCsvServer(size: number): Promise<CsvServer> {
  let left = 0;
  const server = createServer((request, response) => {
    if (!(request.url ?? "").includes("export")) {
      response.setHeader("content-type", "application/json").end('{"success":true,"data":{"webhooks":[]}}');
      return;
    }
    response.writeHead(200, { "content-type": "text/csv", "content-length": size });
    let rest = size;
    response.once("close", () => {
      if (rest > 0) left++;
    });
    const more = (): void => {
      while (rest > 0 && !response.destroyed) {
        rest -= chunk.length;
        if (!response.write(chunk)) {
          response.once("drain", more);
          return;
        }
      }
      response.end();
    };
    more();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server, left: () => left };
}
