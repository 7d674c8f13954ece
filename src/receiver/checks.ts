import { Pace } from "../core/doctor/pace";
import type { Capture, CaptureCheck } from "../core/model/capture";
import type { Verdict } from "../core/model/verdict";
import { verifyStepwise, type VerificationKey } from "../core/signature/verify";
import type { CaptureStore } from "./captureStore";

/** Milliseconds of work between two turns of the event loop. */
const yieldEvery = 4;

export interface ChecksOptions {
  readonly store: CaptureStore;
  readonly keys: () => Promise<readonly VerificationKey[]>;
  readonly toleranceSeconds: () => number;
  readonly log: (line: string) => void;
}

function stateOf({ verdict, matchedWebhookId }: Verdict, keys: number): CaptureCheck {
  if (verdict === "malformed") return { state: "unsigned" };
  if (keys === 0) return { state: "unchecked" };
  if (verdict === "invalid" || matchedWebhookId === undefined) return { state: "wrong" };
  return { state: verdict === "valid" ? "verified" : "expired", webhookId: matchedWebhookId };
}

/** Checks captures one after the other, some time after they came, a few milliseconds at a time. */
export class Checks {
  /** As they were told last; undefined when they must be asked for. */
  #keys: readonly VerificationKey[] | undefined;
  /** How often they changed. */
  #generation = 0;
  #waiting: string[] = [];
  #running: Promise<void> | undefined;

  constructor(private readonly options: ChecksOptions) {}

  /** Has a capture checked by and by. */
  add(id: string): void {
    this.#waiting.push(id);
    this.#running ??= this.#run();
  }

  /** Asks for the keys anew, and checks again what no key matched. */
  keysChanged(): void {
    this.#keys = undefined;
    this.#generation++;
    for (const { id, check } of this.options.store.captures) {
      if (check.state === "wrong" || check.state === "unchecked") this.add(id);
    }
  }

  /** Settles when nothing waits for its check. */
  async idle(): Promise<void> {
    while (this.#running !== undefined) await this.#running;
  }

  async #run(): Promise<void> {
    const { store } = this.options;
    const pace = new Pace({ yieldEvery });
    // The answer goes first.
    await pace.turn();
    while (this.#waiting.length > 0) {
      const ids = this.#waiting;
      this.#waiting = [];
      for (const id of ids) {
        const capture = store.get(id);
        if (capture === undefined) continue;
        const generation = this.#generation;
        const keys = this.#keys ?? (await this.#ask());
        const steps = this.#verify(capture, keys);
        let step = steps.next();
        while (!step.done) {
          if (pace.due()) await pace.turn();
          step = steps.next();
        }
        if (step.value.state !== capture.check.state) store.setCheck(id, step.value);
        // The keys changed meanwhile.
        if (generation !== this.#generation) this.#waiting.push(id);
        if (pace.due()) await pace.turn();
      }
    }
    this.#running = undefined;
  }

  /** Asks for the keys; there are none when they can't be told, and the next capture asks again. */
  async #ask(): Promise<readonly VerificationKey[]> {
    for (;;) {
      const generation = this.#generation;
      try {
        const keys = await this.options.keys();
        if (generation === this.#generation) return (this.#keys = keys);
      } catch (error) {
        this.#problem(error);
        return [];
      }
    }
  }

  *#verify(
    { headers, body, receivedAt }: Capture,
    keys: readonly VerificationKey[],
  ): Generator<undefined, CaptureCheck> {
    try {
      const verdict = yield* verifyStepwise({
        headers,
        body,
        keys,
        addressed: "any",
        now: Date.parse(receivedAt) / 1_000,
        toleranceSeconds: this.options.toleranceSeconds(),
      });
      return stateOf(verdict, keys.length);
    } catch (error) {
      this.#problem(error);
      return { state: "unchecked" };
    }
  }

  #problem(error: unknown): void {
    this.options.log(`Captures could not be checked: ${error instanceof Error ? error.message : String(error)}`);
  }
}
