import type { DoctorRequest } from "../core/doctor/diagnose";
import type { PacSpaceErrorKind } from "../core/errors";
import type { Diagnosis } from "../core/model/diagnosis";

/** What the doctor works on: plain data, which passes to a worker within this process. */
export type DoctorOrder = Omit<DoctorRequest, "signal" | "onProgress" | "yieldEvery">;

/** From the worker. It works on one order and is ended by its owner. */
export type DoctorNews =
  | { readonly type: "progress"; readonly tried: number }
  | { readonly type: "done"; readonly diagnosis: Diagnosis }
  | { readonly type: "failed"; readonly kind: PacSpaceErrorKind | undefined; readonly message: string };
