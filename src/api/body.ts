import type { Readable } from "node:stream";
import type { PacSpaceError } from "../core/errors";
import type { Call } from "./call";
import type { Answer, Limits } from "./exchange";
import { networkProblem, timedOut, type Place } from "./networkProblem";
import { malformed } from "./problem";

/** The largest body that is read into memory, in bytes. */
const largestText = 64 * 1024 * 1024;
/** An ordinary answer that trickles in ends after so many times the limit for its first byte. */
const slowestBody = 10;

/**
 * Reads the whole body of an answer as UTF-8 text, without a byte-order mark.
 * @param largest in bytes; 64 MiB by default
 * @throws PacSpaceError `malformedResponse` for a larger one; `timeout` for a body that stops coming or trickles; `network`
 * for one that is cut; `cancelled`
 */
export async function readText(
  answer: Answer,
  call: Call,
  place: Place,
  limits: Limits,
  largest = largestText,
): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  const longest = slowestBody * limits.firstByte;
  const timer = setTimeout(() => answer.body.destroy(timedOut(call, place, "body", longest)), longest);
  try {
    for await (const chunk of answer.body as AsyncIterable<Buffer>) {
      size += chunk.length;
      // Leaving the loop ends the stream and its connection.
      if (size > largest) throw malformed(call, answer, `is larger than ${largest / 1024 / 1024} MiB`);
      chunks.push(chunk);
    }
  } catch (error) {
    throw networkProblem(error, call, place, { sent: true, limits });
  } finally {
    clearTimeout(timer);
  }
  const bytes = chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks, size);
  const text = bytes.toString("utf8");
  return text.startsWith("\uFEFF") ? text.slice(1) : text;
}

/**
 * Hands a body on chunk by chunk, as the socket gives it and as fast as it is taken.
 * @param problem turns what the body throws into a PacSpaceError
 * @param done called once when the body has ended, failed, or was left early
 */
export function streamed(
  body: Readable,
  problem: (error: unknown) => PacSpaceError,
  done: () => void,
): AsyncIterable<Uint8Array> {
  // One more async generator per chunk would cost time on a large file; this only listens in.
  const chunks = (body as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]();
  const failed = (error: unknown): never => {
    done();
    throw problem(error);
  };
  const passed = (result: IteratorResult<Uint8Array>): IteratorResult<Uint8Array> => {
    if (result.done === true) done();
    return result;
  };
  const iterator: AsyncIterableIterator<Uint8Array> = {
    [Symbol.asyncIterator]: () => iterator,
    next: () => chunks.next().then(passed, failed),
    return: async () => {
      done();
      // Leaving before the first chunk, or while one is awaited, must close the connection too.
      body.on("error", () => undefined).destroy();
      await chunks.return?.();
      return { done: true, value: undefined };
    },
  };
  return iterator;
}
