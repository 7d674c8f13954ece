import { effectInDoubt } from "../core/errors";

/** One call of a route, as the route describes it to the transport. */
export interface Call {
  readonly method: "GET" | "POST" | "DELETE";
  /** Below the base URL, percent-encoded, with its query. */
  readonly path: string;
  /** What it is for, as it reads behind "to": `create the webhook`. */
  readonly purpose: string;
  /** Sent as JSON. */
  readonly body?: Readonly<Record<string, string>>;
  /** A try to sign in: a 401 speaks of what was typed, and is never repeated. */
  readonly signIn?: boolean;
  /** Values that no error may repeat, even when the server does. */
  readonly secrets?: readonly string[];
}

/** Whether the call may change something: then it carries the CSRF header, and a lost answer leaves its effect open. */
export function isUnsafe(call: Call): boolean {
  return call.method !== "GET";
}

/**
 * A sentence about a call that failed.
 * @param words what went wrong and what helps
 * @param uncertain whether the call's effect is unknown: then trying again is not what helps
 */
export function inDoubt(call: Call, words: string, uncertain: boolean): string {
  if (!uncertain) return words;
  const doubt = call.signIn === true ? " It may have taken effect all the same: sign in again." : effectInDoubt;
  return words.replace(/ Try again(?: later)?\.$/, "") + doubt;
}
