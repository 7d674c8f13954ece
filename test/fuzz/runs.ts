/** How many hostile cases each kind of input gets: 20,000, always the same ones. FUZZ_RUNS=1000000 takes longer. */
export const fuzzRuns = Number(process.env.FUZZ_RUNS ?? 20_000);

/** What a fuzz run may take, in milliseconds. */
export const fuzzTimeoutMs = Math.max(60_000, fuzzRuns * 12);

export const fuzzSeed = 20_260_410;
