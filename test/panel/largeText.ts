/** Ten megabytes as a large export would be: 400,000 values in 47,000 rows. */
export function largePayload(): string {
  const rows: string[] = [];
  for (let length = 0; length < 10_000_000; length += rows.at(-1)?.length ?? 0) {
    const n = rows.length;
    rows.push(
      `{"recordId":"rec_${n.toString(16).padStart(12, "0")}","sequence":${12345678901234567890n + BigInt(n)},"delta":-${n}.500,` +
        `"at":"2026-04-10T12:00:00.000Z","flags":[true,false,null],"note":"Row ${n} has a note, caf\\u00e9","meta":{"n":${n}}}`,
    );
  }
  return `{"event":"export.large","rows":[${rows.join(",\n")}]}`;
}

/** How long a work in the page takes until what it leads to is drawn, in milliseconds; `done` is asked each frame. */
export function timed(work: string, done: string): string {
  return `(async () => {
    const frame = () => new Promise(requestAnimationFrame);
    await frame();
    const begun = performance.now();
    ${work};
    do await frame(); while (!(${done}));
    // The frame after is the first that can be seen.
    await frame();
    return performance.now() - begun;
  })()`;
}
