import { uptime } from "node:os";
import { isAlive } from "./isAlive";

/** Two readings of when the machine was started differ by so many seconds at most. */
const bootTolerance = 60;

/** Which process works on something. Its id says nothing about the time before the machine was started. */
export interface OwningProcess {
  readonly pid: number;
  /** When this machine was started, in Unix seconds. */
  readonly boot: number;
}

/** This process, to be written down. */
export function thisProcess(): OwningProcess {
  return { pid: process.pid, boot: Math.round(Date.now() / 1_000 - uptime()) };
}

/** Whether it is another process than this one, and runs. */
export function isAnotherAlive({ pid, boot }: OwningProcess): boolean {
  return pid !== process.pid && Math.abs(boot - thisProcess().boot) <= bootTolerance && isAlive(pid);
}
