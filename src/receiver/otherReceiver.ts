import * as http from "node:http";
import { text } from "node:stream/consumers";
import { noPages } from "./gatekeeper";

const mostMs = 1_000;

/** Whether a receiver, of this version or another, has a port of this machine; it refuses the question, and keeps nothing. */
export async function isReceiver(port: number): Promise<boolean> {
  // Whatever listens there may answer slowly, or without an end.
  const signal = AbortSignal.timeout(mostMs);
  try {
    const answer = await new Promise<http.IncomingMessage>((resolve, reject) => {
      // A page's origin is what a receiver refuses.
      const headers = { Origin: `http://127.0.0.1:${port}` };
      http.get({ host: "127.0.0.1", port, headers, agent: false, signal }, resolve).on("error", reject);
    });
    return answer.statusCode === 403 && (await text(answer)).includes(noPages);
  } catch {
    return false;
  }
}
