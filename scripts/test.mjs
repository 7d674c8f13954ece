// npm test: everything. npm test -- unit host: these, and what they need. Suites run in two lanes beside each other, since
// those in a real VS Code mostly wait; whatever writes into dist/ or reads it while it runs is in the same lane. What a
// suite prints is shown when it has ended.
// What a failed suite printed last stands once more at the end, where a person who sees only the end of a log finds it.
// The last line sums up all suites as "N passed, N failed"; the status is 1 when any failed.
import { explain, say } from "./run.mjs";
import { ensureDependencies } from "./setup.mjs";

/**
 * @typedef {import("./testSuites.mjs").Counts} Counts
 * @typedef {import("./testSuites.mjs").Part} Part
 * @typedef {import("./testSuites.mjs").Print} Print
 * @typedef {{ name: string, lane: "plain" | "host", needs?: readonly string[], parts: readonly Part[] }} Suite `needs` names
 *   suites that come before it; where one of them failed, it cannot pass and is not run
 */

/** Enough for mocha's and vitest's lists of failures. */
const LAST_LINES = 80;

/**
 * @returns {Promise<readonly Suite[]>}
 */
async function allSuites() {
  // Loaded now and not before: they stand on node_modules.
  const { check, runner, step, vitest } = await import("./testSuites.mjs");
  const { packageVsix } = await import("./package.mjs");
  const { packProof } = await import("./packProof.mjs");
  const tsc = "node_modules/typescript/bin/tsc";
  return [
    { name: "build", lane: "host", parts: [check("esbuild.js", "--production"), check("esbuild.js", "--tests")] },
    { name: "pack", lane: "host", needs: ["build"], parts: [step(packageVsix), step(packProof)] },
    { name: "package", lane: "host", needs: ["pack"], parts: [vitest("package")] },
    { name: "host", lane: "host", needs: ["build"], parts: [runner("host", "test/host/run.mjs")] },
    { name: "start", lane: "host", needs: ["pack"], parts: [check("scripts/start.mjs", "--check")] },
    { name: "ui", lane: "host", needs: ["build", "pack"], parts: [runner("ui", "test/ui/run.mjs")] },
    { name: "lint", lane: "plain", parts: [check("node_modules/eslint/bin/eslint.js", ".")] },
    {
      name: "types",
      lane: "plain",
      parts: [check(tsc, "-p", "tsconfig.json", "--noEmit"), check(tsc, "-p", "src/webview/tsconfig.json", "--noEmit")],
    },
    { name: "format", lane: "plain", parts: [check("node_modules/prettier/bin/prettier.cjs", "--check", ".")] },
    { name: "knip", lane: "plain", parts: [check("node_modules/knip/bin/knip.js")] },
    { name: "unit", lane: "plain", parts: [vitest("unit")] },
    { name: "contract", lane: "plain", needs: ["build"], parts: [vitest("contract")] },
    { name: "handlers", lane: "plain", parts: [vitest("handlers")] },
    { name: "panel", lane: "plain", needs: ["build", "pack"], parts: [runner("panel", "test/panel/run.mjs")] },
  ];
}

/**
 * @param {readonly Suite[]} suites
 * @param {readonly string[]} names none means all
 * @returns {readonly Suite[]} the named ones and what they need, in order
 */
function select(suites, names) {
  const known = suites.map(({ name }) => name);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0)
    throw new Error(`There is no suite "${unknown.join('", "')}". There are: ${known.join(", ")}.`);
  const wanted = new Set(names.length > 0 ? names : known);
  for (const { name, needs = [] } of [...suites].reverse()) {
    if (wanted.has(name)) needs.forEach((need) => wanted.add(need));
  }
  return suites.filter(({ name }) => wanted.has(name));
}

/**
 * @param {Suite} suite
 * @param {readonly string[]} broken what it needs and what failed
 * @param {Print} print
 * @returns {Promise<Counts>} never nothing at all: a suite that ran no test has failed
 */
async function runParts({ name, parts }, broken, print) {
  if (broken.length > 0) {
    print(`${name} was not run, since ${broken.join(" and ")} failed.`);
    return { passed: 0, failed: 1 };
  }
  const sum = { passed: 0, failed: 0 };
  for (const part of parts) {
    const { passed, failed } = await part(print);
    sum.passed += passed;
    sum.failed += failed;
  }
  if (sum.passed + sum.failed > 0) return sum;
  print(`${name} ran no test.`);
  return { passed: 0, failed: 1 };
}

/**
 * Runs a suite once those have ended that it needs, and shows what it printed.
 * @param {Suite} suite
 * @param {ReadonlyMap<string, Promise<Counts>>} others how the others end
 * @returns {Promise<{ row: string, last: string } & Counts>} a line for the table, and what it printed last
 */
async function runSuite(suite, others) {
  const { name, needs = [] } = suite;
  /** @type {string[]} */
  const broken = [];
  for (const need of needs) if ((await others.get(need))?.failed !== 0) broken.push(need);
  say(`… ${name}`);
  /** @type {string[]} */
  const lines = [];
  const began = performance.now();
  const counts = await runParts(suite, broken, (line) => void lines.push(line));
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  const row = `${name.padEnd(9)} ${counts.passed} passed, ${counts.failed} failed, ${seconds} s`;
  say([`\n=== ${name}`, ...lines, `=== ${row}`].join("\n"));
  return { row, last: lines.join("\n").split("\n").slice(-LAST_LINES).join("\n"), ...counts };
}

/**
 * @param {readonly string[]} names
 * @returns {Promise<Counts>}
 */
async function runAll(names) {
  await ensureDependencies();
  const suites = select(await allSuites(), names);
  /** @type {Map<string, ReturnType<typeof runSuite>>} */
  const results = new Map();
  /** @type {Map<Suite["lane"], Promise<unknown>>} */
  const lanes = new Map();
  for (const suite of suites) {
    const result = Promise.resolve(lanes.get(suite.lane)).then(() => runSuite(suite, results));
    results.set(suite.name, result);
    lanes.set(suite.lane, result);
  }
  const all = await Promise.all(results.values());
  for (const { row, last, failed } of all) if (failed > 0) say(`\n=== once more: ${row}\n${last}`);
  say(`\n${all.map(({ row }) => row).join("\n")}\n`);
  return {
    passed: all.reduce((sum, { passed }) => sum + passed, 0),
    failed: all.reduce((sum, { failed }) => sum + failed, 0),
  };
}

const { passed, failed } = await runAll(process.argv.slice(2)).catch((error) => {
  say(explain(error));
  return { passed: 0, failed: 1 };
});
say(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
