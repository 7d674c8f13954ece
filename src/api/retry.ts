import { PacSpaceError } from "../core/errors";
import { isUnsafe, type Call } from "./call";
import { isFinal } from "./networkProblem";
import { inWords } from "./problem";
import { longestWaitMs } from "./retryAfter";

/** How often a request is repeated at most, whatever the reason. */
export const mostRepeats = 2;
/** The longest wait that an interactive call takes upon itself, in milliseconds. */
export const longestInteractiveWaitMs = 30_000;
const repeatableStatuses: readonly number[] = [408, 429, 500, 502, 503, 504];

/**
 * Whether a failed call may be repeated by itself. A refusal for too many requests had no effect, so any call may;
 * everything else goes for reading alone, because an unsafe request may have taken effect.
 */
export function mayRepeat(call: Call, error: PacSpaceError): boolean {
  if (error.status === 429) return true;
  if (isUnsafe(call)) return false;
  if (error.status !== undefined) return repeatableStatuses.includes(error.status);
  return (error.kind === "timeout" || error.kind === "network") && !isFinal(error.code);
}

/**
 * The wait before a repeat: what the server asks for, else half a second, doubled each time, and up to a quarter more
 * (the vendor's SDK waits the same).
 * @param repeat 1 for the first one
 * @param random a number from 0 up to 1
 * @returns milliseconds
 */
export function waitBefore(repeat: number, error: PacSpaceError, random: number): number {
  if (error.retryAfterMs !== undefined) return Math.min(error.retryAfterMs, longestWaitMs);
  return Math.round(500 * 2 ** (repeat - 1) * (1 + 0.25 * random));
}

/** The error for a wait that is too long for somebody who waits in front of the screen. */
export function tooLongToWait(error: PacSpaceError, waitMs: number): PacSpaceError {
  const words = `PacSpace asks to wait before the next request. Try again in ${inWords(waitMs)}.`;
  return new PacSpaceError(error.kind, words, {
    status: error.status,
    code: error.code,
    requestId: error.requestId,
    retryAfterMs: waitMs,
    cause: error,
  });
}

/**
 * Waits. When the signal is aborted the wait ends at once; nothing is left behind either way.
 * @param ms milliseconds
 * @returns whether the time passed; false when it was aborted
 */
export function pause(ms: number, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve(false);
      return;
    }
    const end = (passed: boolean): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", abort);
      resolve(passed);
    };
    const abort = (): void => end(false);
    const timer = setTimeout(() => end(true), ms);
    signal.addEventListener("abort", abort);
  });
}
