import { parentPort } from "node:worker_threads";
import { isPacSpaceError } from "../core/errors";
import type { DoctorNews, DoctorOrder } from "./doctorMessages";

/** Milliseconds between two words on how far it is. */
const newsEvery = 100;

function tell(news: DoctorNews): void {
  parentPort?.postMessage(news);
}

async function work(order: DoctorOrder): Promise<void> {
  try {
    const { diagnose } = await import("../core/doctor/diagnose");
    const onProgress = (tried: number): void => tell({ type: "progress", tried });
    tell({ type: "done", diagnosis: await diagnose({ ...order, onProgress, yieldEvery: newsEvery }) });
  } catch (error) {
    const kind = isPacSpaceError(error) ? error.kind : undefined;
    tell({ type: "failed", kind, message: error instanceof Error ? error.message : String(error) });
  }
}

parentPort?.once("message", (order: DoctorOrder) => void work(order));
