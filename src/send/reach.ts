import * as dns from "node:dns";
import { connect, type LookupFunction } from "node:net";

const probeMs = 2_000;

/**
 * Finds a host's addresses as Node does, but for `localhost`: a handler listens at either of its two addresses, and
 * many a machine's own list names one of them only.
 */
const lookup: LookupFunction = (hostname, options, callback) => {
  if (hostname.toLowerCase() !== "localhost" || options.all !== true) {
    dns.lookup(hostname, options, callback);
    return;
  }
  callback(null, [
    { address: "127.0.0.1", family: 4 },
    { address: "::1", family: 6 },
  ]);
};

/** How a connection finds its way: every address of a host is tried. */
export const reach = { lookup, autoSelectFamily: true };

/**
 * Whether something takes connections where a URL points.
 * @param url http or https
 * @returns true, too, for one that is too busy to take a connection within 2 s: that is not dead
 */
export async function takesConnections(url: URL): Promise<boolean> {
  const port = Number(url.port) || (url.protocol === "https:" ? 443 : 80);
  return new Promise((resolve) => {
    const socket = connect({ ...reach, host: url.hostname.replace(/^\[|\]$/g, ""), port, timeout: probeMs });
    const end = (is: boolean) => () => {
      socket.destroy();
      resolve(is);
    };
    socket.on("connect", end(true)).on("timeout", end(true)).on("error", end(false));
  });
}
