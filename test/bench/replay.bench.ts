import { createHmac } from "node:crypto";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import { replay, type ReplayItem } from "../../src/send/replay";
import { signedEvent } from "../../src/send/signedEvent";
import { duel, report } from "./measure";

const count = 1_000;
const secret = "whsec_bench_only";
const body = Buffer.alloc(2_048, '{"event":"delta.verified","data":{"delta":-42.5}} ');

/** A handler that keeps the ids of what it got, in the order in which it came. */
async function handler() {
  let ids: string[] = [];
  const server = http.createServer((request, response) => {
    request.resume().on("end", () => {
      ids.push(String(request.headers["x-sequence"]));
      response.end("ok");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    /** Throws unless each of a round's requests came, once and in order. */
    check: () => {
      const missed = Array.from({ length: count }, (_, at) => String(at)).filter((id, at) => ids[at] !== id).length;
      if (missed > 0 || ids.length !== count) throw new Error(`${missed} missed or out of order, ${ids.length} came`);
      ids = [];
    },
    close: () => server.close(),
  };
}

function bare(url: string, agent: http.Agent, sequence: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = http.request(url, { method: "POST", agent }, (response) => response.resume().on("end", resolve));
    request.on("error", reject);
    const timestamp = String(Math.floor(Date.now() / 1_000));
    request.setHeader("Content-Type", "application/json");
    request.setHeader("X-PacSpace-Timestamp", timestamp);
    const hex = createHmac("sha256", secret).update(`${timestamp}.`).update(body).digest("hex");
    request.setHeader("X-PacSpace-Signature", `v1=${hex}`);
    request.setHeader("X-Sequence", String(sequence));
    request.end(body);
  });
}

async function main(): Promise<void> {
  const { url, check, close } = await handler();
  const items = Array.from({ length: count }, (_, at): ReplayItem => {
    const request = () => {
      const { headers } = signedEvent("delta.verified", body, secret, new Date());
      return { url, headers: [...headers, ["X-Sequence", String(at)] as const], body };
    };
    return { id: String(at), request };
  });
  const agent = new http.Agent({ keepAlive: true });
  const ours = async (): Promise<void> => {
    for await (const outcome of replay(items)) {
      if (outcome.kind !== "answered" || outcome.answer.status !== 200) throw new Error(`${outcome.id} was not taken`);
    }
    check();
  };
  const rival = async (): Promise<void> => {
    for (let at = 0; at < count; at++) await bare(url, agent, at);
    check();
  };
  const [our, their] = await duel(9, ours, rival);
  report(
    `replay of ${count} deliveries in order, signed anew, none missed`,
    our,
    "bare node:http loop with the same HMAC",
    their,
    3,
  );
  agent.destroy();
  close();
}

void main();
