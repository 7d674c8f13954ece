// npm test: everything, in order. npm test -- unit host: these, and what they need.
// The last line sums up all suites as "N passed, N failed"; the status is 1 when any failed.
import { explain, say } from "./run.mjs";
import { ensureDependencies } from "./setup.mjs";

/**
 * @typedef {import("./testSuites.mjs").Counts} Counts
 * @typedef {{ name: string, needs?: readonly string[], parts: readonly (() => Promise<Counts>)[] }} Suite `needs` names
 *   suites that come before it; where one of them failed, it cannot pass and is not run
 */

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
    { name: "lint", parts: [check("node_modules/eslint/bin/eslint.js", ".")] },
    {
      name: "types",
      parts: [check(tsc, "-p", "tsconfig.json", "--noEmit"), check(tsc, "-p", "src/webview/tsconfig.json", "--noEmit")],
    },
    { name: "format", parts: [check("node_modules/prettier/bin/prettier.cjs", "--check", ".")] },
    { name: "knip", parts: [check("node_modules/knip/bin/knip.js")] },
    { name: "unit", parts: [vitest("unit")] },
    { name: "build", parts: [check("esbuild.js", "--production"), check("esbuild.js", "--tests")] },
    { name: "contract", needs: ["build"], parts: [vitest("contract")] },
    { name: "handlers", parts: [vitest("handlers")] },
    { name: "pack", needs: ["build"], parts: [step(packageVsix), step(packProof)] },
    { name: "package", needs: ["pack"], parts: [vitest("package")] },
    { name: "host", needs: ["build"], parts: [runner("host", "test/host/run.mjs")] },
    { name: "start", needs: ["pack"], parts: [check("scripts/start.mjs", "--check")] },
    { name: "ui", needs: ["build", "pack"], parts: [runner("ui", "test/ui/run.mjs")] },
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
 * @param {ReadonlyMap<string, Counts>} before how the suites before it ended
 * @returns {Promise<Counts>} never nothing at all: a suite that ran no test has failed
 */
async function runSuite({ name, needs = [], parts }, before) {
  const broken = needs.filter((need) => before.get(need)?.failed !== 0);
  if (broken.length > 0) {
    say(`${name} was not run, since ${broken.join(" and ")} failed.`);
    return { passed: 0, failed: 1 };
  }
  const sum = { passed: 0, failed: 0 };
  for (const part of parts) {
    const { passed, failed } = await part();
    sum.passed += passed;
    sum.failed += failed;
  }
  if (sum.passed + sum.failed > 0) return sum;
  say(`${name} ran no test.`);
  return { passed: 0, failed: 1 };
}

/**
 * @param {readonly string[]} names
 * @returns {Promise<Counts>}
 */
async function runAll(names) {
  await ensureDependencies();
  const suites = select(await allSuites(), names);
  /** @type {Map<string, Counts>} */
  const results = new Map();
  /** @type {string[]} */
  const table = [];
  for (const suite of suites) {
    say(`\n=== ${suite.name}`);
    const began = performance.now();
    const counts = await runSuite(suite, results);
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    results.set(suite.name, counts);
    const row = `${suite.name.padEnd(9)} ${counts.passed} passed, ${counts.failed} failed, ${seconds} s`;
    table.push(row);
    say(`=== ${row}`);
  }
  say(`\n${table.join("\n")}\n`);
  const all = [...results.values()];
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
