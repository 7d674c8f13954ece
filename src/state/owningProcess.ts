import { readFileSync } from "node:fs";
import { uptime } from "node:os";
import { isAlive } from "./isAlive";

/** Two readings of when the machine was started differ by so many seconds at most. */
const bootTolerance = 60;

/** Which process works on something. Its id alone says nothing: after its end another process may have it. */
export interface OwningProcess {
  readonly pid: number;
  /** When this machine was started, in Unix seconds by its clock, which may be set meanwhile. */
  readonly boot: number;
  /** What no other process has, whatever the clock does; only where the system tells it. */
  readonly born?: string | undefined;
}

/**
 * What tells a process from all others that have had its id, of letters, digits and a dot: which start of the machine it
 * belongs to, and when it was started.
 * @returns undefined where the system (Linux alone) doesn't tell it
 */
export function bornAs(pid: number): string | undefined {
  if (process.platform !== "linux") return undefined;
  try {
    const start = readFileSync("/proc/sys/kernel/random/boot_id", "latin1").trim().replaceAll("-", "");
    const status = readFileSync(`/proc/${pid}/stat`, "latin1");
    // The second field is the program's name in parentheses, and may hold anything; the 22nd is the time of its start.
    const ticks = status.slice(status.lastIndexOf(")") + 2).split(" ")[19];
    return /^[0-9a-f]+$/.test(start) && /^\d+$/.test(ticks ?? "") ? `${start}.${ticks}` : undefined;
  } catch {
    return undefined;
  }
}

/** This process, to be written down. */
export function thisProcess(): OwningProcess {
  const born = bornAs(process.pid);
  const boot = Math.round(Date.now() / 1_000 - uptime());
  return { pid: process.pid, boot, ...(born !== undefined && { born }) };
}

/** Whether it is another process than this one, and runs; `perhaps` where another one may have got its id by now. */
export function isAnother({ pid, boot, born }: OwningProcess): "alive" | "perhaps" | "ended" {
  if (pid === process.pid || !isAlive(pid)) return "ended";
  const now = born === undefined ? undefined : bornAs(pid);
  if (now !== undefined) return now === born ? "alive" : "ended";
  return Math.abs(boot - thisProcess().boot) <= bootTolerance ? "perhaps" : "ended";
}

/** Whether it is another process than this one, and runs, as far as that can be told. */
export function isAnotherAlive(owner: OwningProcess): boolean {
  return isAnother(owner) !== "ended";
}
