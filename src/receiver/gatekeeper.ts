import type { IncomingMessage } from "node:http";
import type { HeaderList } from "../core/model/headers";

/** Why a request is not taken. */
export interface Refusal {
  readonly status: number;
  /** A sentence for who sent it. */
  readonly message: string;
}

/** By these words a receiver is known, too: no page gets past them, and nothing is kept. */
export const noPages = "The receiver takes no requests from web pages.";

const mostHeaders = 200;
/** Whatever the port: a forwarded one differs from that which is listened at. */
const loopback = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;

/** An entry of the setting as a Host header has it; a whole URL is taken for its host. */
function hostOf(entry: string): string {
  return entry
    .trim()
    .toLowerCase()
    .replace(/^https?:\/\//, "")
    .replace(/\/.*$/, "");
}

function isAllowed(host: string, allowedHosts: () => readonly string[]): boolean {
  if (host === "") return false;
  if (loopback.test(host)) return true;
  const withoutPort = host.replace(/:\d+$/, "");
  return allowedHosts().some((entry) => [host, withoutPort].includes(hostOf(entry)));
}

function count(headers: HeaderList, wanted: string): number {
  let count = 0;
  for (const [name] of headers) if (name.length === wanted.length && name.toLowerCase() === wanted) count++;
  return count;
}

/**
 * Whether a request may come in at all. A page of the web must not: neither by a name that it points at this machine,
 * nor by a request of its own, which would be handed on to a handler that trusts this machine.
 * @param headers all that came, duplicates included
 * @param allowedHosts host names beside those of this machine, with a port or without
 * @returns undefined for one that may
 */
export function refusalOf(
  { headers: values, url = "" }: IncomingMessage,
  headers: HeaderList,
  allowedHosts: () => readonly string[],
): Refusal | undefined {
  if (headers.length > mostHeaders)
    return { status: 431, message: `The request has more than ${mostHeaders} headers.` };
  if (count(headers, "host") > 1) return { status: 400, message: "The request names two hosts." };
  if (!isAllowed((values.host ?? "").toLowerCase(), allowedHosts)) {
    return {
      status: 403,
      message:
        "The receiver does not answer to this Host. Add the name of your tunnel to the setting pacspace.receiver.allowedHosts.",
    };
  }
  // Node's fetch, which may well send deliveries, has Sec-Fetch-Mode too; these two come from browsers alone.
  if ((values.origin ?? values["sec-fetch-site"] ?? values["sec-fetch-dest"]) !== undefined) {
    return { status: 403, message: noPages };
  }
  if (!url.startsWith("/")) return { status: 400, message: "The receiver is no proxy: the request must name a path." };
  return undefined;
}
