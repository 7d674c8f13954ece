import fc from "fast-check";

// The same cases in every run, so that a change that breaks one is known by it; any number takes others.
fc.configureGlobal({ seed: Number(process.env.PROPERTY_SEED ?? 20_260_410) });
