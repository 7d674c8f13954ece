import { Pace } from "../core/doctor/pace";
import type { Capture, CaptureCheck } from "../core/model/capture";
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

/** Checks captures one after the other, some time after they came, a few milliseconds at a time. */
export class Checks {
  #keys: Promise<readonly VerificationKey[]> | undefined;
  /** How often the keys changed. */
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
    const pace = new Pace({ yieldEvery });
    // The answer goes first.
    await pace.turn();
    while (this.#waiting.length > 0) {
      const ids = this.#waiting;
      this.#waiting = [];
      for (const id of ids) {
        const capture = this.options.store.get(id);
        if (capture === undefined) continue;
        const generation = this.#generation;
        const check = await this.#check(capture, pace);
        if (generation !== this.#generation) this.#waiting.push(id);
        if (check.state !== capture.check.state) this.options.store.update(id, { check });
        if (pace.due()) await pace.turn();
      }
    }
    this.#running = undefined;
  }

  async #check(capture: Capture, pace: Pace): Promise<CaptureCheck> {
    try {
      return await this.#verify(capture, await (this.#keys ??= this.options.keys()), pace);
    } catch (error) {
      this.options.log(`A capture could not be checked: ${error instanceof Error ? error.message : String(error)}`);
      this.#keys = undefined;
      return { state: "unchecked" };
    }
  }

  async #verify(
    { headers, body, receivedAt }: Capture,
    keys: readonly VerificationKey[],
    pace: Pace,
  ): Promise<CaptureCheck> {
    const steps = verifyStepwise({
      headers,
      body,
      keys,
      addressed: "any",
      now: Date.parse(receivedAt) / 1_000,
      toleranceSeconds: this.options.toleranceSeconds(),
    });
    let step = steps.next();
    while (!step.done) {
      if (pace.due()) await pace.turn();
      step = steps.next();
    }
    const { verdict, matchedWebhookId } = step.value;
    if (verdict === "malformed") return { state: "unsigned" };
    if (keys.length === 0) return { state: "unchecked" };
    if (verdict === "invalid" || matchedWebhookId === undefined) return { state: "wrong" };
    return { state: verdict === "valid" ? "verified" : "expired", webhookId: matchedWebhookId };
  }
}
