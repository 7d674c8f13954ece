/** The middle of some figures. */
export function median(figures: readonly number[]): number {
  const sorted = figures.toSorted((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}

export type Work = () => unknown;

/** How long some work takes, in milliseconds. */
export async function timed(work: Work): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

/** Runs two by turns, so that both meet the same machine, and gives the median time of each in milliseconds. */
export async function duel(rounds: number, ours: Work, rival: Work): Promise<readonly [ours: number, rival: number]> {
  const times: [number[], number[]] = [[], []];
  await ours();
  await rival();
  for (let round = 0; round < rounds; round++) {
    times[0].push(await timed(ours));
    times[1].push(await timed(rival));
  }
  return [median(times[0]), median(times[1])];
}

/** Prints one figure beside its rival and its goal. */
export function report(
  what: string,
  ours: number,
  rivalName: string,
  rival: number,
  goal: number,
  unit = "ms",
  better: "less" | "more" = "less",
): void {
  const ratio = ours / rival;
  const verdict = (better === "less" ? ratio <= goal : ratio >= goal) ? "met" : "MISSED";
  process.stdout.write(
    `  ${what}: ${ours.toFixed(1)} ${unit}, ${rivalName}: ${rival.toFixed(1)} ${unit}, ratio ${ratio.toFixed(2)} (goal ${goal}: ${verdict})\n`,
  );
}
