import { Worker } from "node:worker_threads";
import { PacSpaceError } from "../core/errors";
import type { Diagnosis } from "../core/model/diagnosis";
import type { DoctorNews, DoctorOrder } from "./doctorMessages";

/** Who waits for an answer. */
export interface Watch {
  readonly signal: AbortSignal;
  /** Called now and then while a search is long, with the number of HMACs so far. */
  readonly onProgress?: ((tried: number) => void) | undefined;
}

/** Of larger bodies a single HMAC takes so long that even the strict check would hold up the extension host. */
const mostBytesHere = 4 * 1024 * 1024;

/**
 * The doctor where it holds up nobody: single changes are tried here, in slices of a few milliseconds, since most
 * causes are found by them; all that is left goes to a worker thread of its own.
 */
export class DoctorSearch {
  /** @param workerScript the bundle of `doctorWorker.ts` */
  constructor(private readonly workerScript: string) {}

  /**
   * Asks the doctor; see `diagnose`.
   * @throws PacSpaceError `cancelled` once the signal is aborted, `invalid` for an empty secret
   */
  async diagnose(order: DoctorOrder, watch: Watch): Promise<Diagnosis> {
    if (order.body.length <= mostBytesHere) {
      const { diagnose } = await import("../core/doctor/diagnose");
      const quick = await diagnose({ ...order, budgetMs: 0, signal: watch.signal });
      if (!quick.outOfTime) return quick;
    }
    return this.#inWorker(order, watch);
  }

  #inWorker(order: DoctorOrder, { signal, onProgress }: Watch): Promise<Diagnosis> {
    return new Promise((resolve, reject) => {
      const cancelled = (): PacSpaceError => new PacSpaceError("cancelled", "The search for the cause was cancelled.");
      if (signal.aborted) {
        reject(cancelled());
        return;
      }
      // Flags of the extension host's own, such as a debugger's port, are none of the worker's.
      const worker = new Worker(this.workerScript, { execArgv: [] });
      const end = (settle: () => void): void => {
        signal.removeEventListener("abort", cancel);
        void worker.terminate();
        settle();
      };
      const cancel = (): void => end(() => reject(cancelled()));
      signal.addEventListener("abort", cancel);
      worker.on("message", (news: DoctorNews) => {
        switch (news.type) {
          case "progress":
            onProgress?.(news.tried);
            break;
          case "done":
            end(() => resolve(news.diagnosis));
            break;
          case "failed": {
            const { kind, message } = news;
            end(() => reject(kind === undefined ? new Error(message) : new PacSpaceError(kind, message)));
          }
        }
      });
      worker.on("error", (error) => end(() => reject(error)));
      worker.on("exit", () => end(() => reject(new Error("The doctor's worker ended before its search did."))));
      worker.postMessage(order);
    });
  }
}
