import type { BirpcOptions } from "birpc";
import { isPacSpaceError, PacSpaceError } from "../core/errors";
import type { CaptureForward } from "../core/model/capture";
import { recordOf } from "../core/model/fields";
import type { VerificationKey } from "../core/signature/verify";
import type { CaptureNews } from "./captureFeed";
import type { Arrived } from "./captureServer";
import type { CaptureLimits } from "./captureStore";

/** What the receiver's process goes by: told when it starts, and whenever it changes. */
export interface ReceiverSettings {
  /** See `ReceiverOptions`. */
  readonly allowedHosts: readonly string[];
  readonly toleranceSeconds: number;
  /** Milliseconds until the end of a handler's answer; 0 is no limit. */
  readonly forwardTimeoutMs: number;
  readonly limits: CaptureLimits;
}

/** What the receiver's process does when it is asked. An answer comes behind the news of all that it has changed. */
export interface ReceiverCalls {
  /** Opens the store; comes before all others. */
  open(directory: string | undefined, settings: ReceiverSettings): Promise<void>;
  setSettings(settings: ReceiverSettings): void;
  /** See `Receiver.keysChanged`. */
  keysChanged(): void;
  /** Starts to listen. Answers with the port. */
  listen(port: number, forwardTo: string | undefined): Promise<number>;
  setForwardTo(url: string | undefined): void;
  /** See `Receiver.take`. `ticket`: by which it can be cancelled. */
  take(request: Arrived, source: "polled", ticket: number): Promise<CaptureForward | undefined>;
  /** See `Receiver.forward`. */
  forward(id: string, ticket: number): Promise<CaptureForward>;
  cancel(ticket: number): void;
  /** Answers when they are gone from the disk, too. */
  remove(ids: readonly string[]): Promise<void>;
  clear(): Promise<void>;
  /** Answers when all is told that came before. */
  settle(): void;
  /** Stops listening; see `Receiver.close`. */
  stop(): Promise<void>;
}

/** What the receiver's process asks of the extension host, or tells it. */
export interface WindowCalls {
  keys(): Promise<readonly VerificationKey[]>;
  /** Answers when it was taken in. */
  news(news: CaptureNews): Promise<void>;
  log(level: "warn" | "debug", line: string): void;
}

/** An error as it passes between processes, which drop of it whatever JavaScript itself does not know. */
function plainError(error: unknown): object {
  if (!isPacSpaceError(error)) return { message: error instanceof Error ? error.message : String(error) };
  const { code, kind, message } = error;
  return { code, kind, message };
}

function errorOf(plain: unknown): Error {
  const { code, kind, message } = recordOf(plain) as Partial<PacSpaceError>;
  return kind === undefined ? new Error(message) : new PacSpaceError(kind, message ?? "", { code });
}

/** Birpc's own; `e` is the error that is the answer of a call. */
interface Message {
  readonly e?: unknown;
}

/** One end of the channel between the extension host and the receiver's process. */
interface Channel {
  send(message: unknown, done: (error: Error | null) => void): unknown;
  on(event: "message", listener: (message: unknown) => void): unknown;
}

/** How calls pass: without a time limit, for a handler may be in a debugger, and with errors whole. */
export function lineOver(
  channel: Channel,
): Pick<BirpcOptions, "deserialize" | "on" | "post" | "serialize" | "timeout"> {
  return {
    // Who waits for an answer hears of a channel that was closed when the process has ended.
    post: (message) => channel.send(message, () => undefined),
    on: (listener) => void channel.on("message", listener),
    serialize: (message: Message) => (message.e === undefined ? message : { ...message, e: plainError(message.e) }),
    deserialize: (message: Message) => (message.e === undefined ? message : { ...message, e: errorOf(message.e) }),
    timeout: -1,
  };
}
