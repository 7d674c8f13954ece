/**
 * Whether a process of this machine runs.
 * @param pid its id; after its end another process may have it
 */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It is there, and another user's (kill(2)).
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
