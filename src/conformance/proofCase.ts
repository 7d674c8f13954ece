import type { HeaderList } from "../core/model/headers";
import type { DeliveryMaker } from "./deliveryMaker";

/** One request of a case. */
export interface ProofRequest {
  /** What is special about it, in a few words that follow "to". */
  readonly what: string;
  readonly url: URL;
  readonly method: "GET" | "POST";
  /** Names go out in their own case and order. */
  readonly headers: HeaderList;
  readonly body: Uint8Array;
  /** Time to wait before it is sent. */
  readonly pauseMs?: number;
}

/** What came back: an answer, or why none came. */
export type Answer =
  | {
      readonly kind: "answered";
      readonly status: number;
      /** The start of the body on one line, without control characters and without the secret. */
      readonly excerpt: string;
      /** SHA-256 of what was read of the body, in hex. */
      readonly digest: string;
      readonly durationMs: number;
    }
  | { readonly kind: "timedOut"; readonly durationMs: number }
  /** The connection was made, and ended without an answer. */
  | { readonly kind: "broken"; readonly code: string; readonly durationMs: number }
  /** No connection could be made. */
  | { readonly kind: "unreachable"; readonly code: string; readonly message: string; readonly durationMs: number };

export interface Exchange {
  readonly request: ProofRequest;
  readonly answer: Answer;
}

/** What a case says of a handler. `told` is for conduct that is neither right nor wrong: it never fails a run. */
export type Judgement =
  | { readonly outcome: "passed" | "told"; readonly did: string }
  | { readonly outcome: "failed"; readonly did: string; readonly should: string; readonly fix: string };

/** One question to a handler. */
export interface ProofCase {
  /** In kebab case; the same in every version. */
  readonly id: string;
  /** A sentence without its full stop, true of a good handler; where all is well, what is sent. */
  readonly title: string;
  /** Makes the requests, which are sent one after the other. */
  readonly requests: (make: DeliveryMaker) => readonly ProofRequest[];
  /** Judges their exchanges, in the same order. */
  readonly judge: (exchanges: readonly Exchange[]) => Judgement;
  /** Whether it asks if the handler has outlived the others: it runs even when that is known to be dead. */
  readonly closing?: true;
}
