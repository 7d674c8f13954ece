import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { commandLine, isRunning, listeningPorts, processTree } from "./processTree.mjs";
import { root } from "./root.mjs";
import { say } from "./run.mjs";

const READY_LIMIT_MS = 180_000;
const END_LIMIT_MS = 60_000;
const LOOK_EVERY_MS = 50;
const AGAIN_AFTER_MS = 100;

/**
 * @param {string} what goes into the error
 * @param {number} limitMs
 * @param {() => boolean | Promise<boolean>} isTrue
 * @returns {Promise<void>}
 */
async function until(what, limitMs, isTrue) {
  for (const deadline = Date.now() + limitMs; !(await isTrue()); await sleep(LOOK_EVERY_MS)) {
    if (Date.now() > deadline) throw new Error(`${what} within ${limitMs / 1000} s.`);
  }
}

/**
 * @param {number} port
 * @returns {Promise<boolean>} whether another program could listen there
 */
function isFree(port) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}

/**
 * Starts as `npm start` does, and tells the process group what a terminal does on Ctrl-C once all is ready.
 * @returns {Promise<void>}
 * @throws {Error} when it isn't ready in time, does not end with status 0, or leaves a process or a port behind
 */
export async function checkStart() {
  const start = spawn(process.execPath, ["scripts/start.mjs", "--unattended"], {
    cwd: root,
    stdio: ["ignore", "pipe", "inherit"],
    detached: true,
  });
  const { pid } = start;
  if (pid === undefined) throw new Error("Node could not be started.");
  const interrupt = () => void process.kill(-pid, "SIGINT");
  process.once("SIGINT", interrupt).once("SIGTERM", interrupt);
  /** @type {string | undefined} */
  let end;
  start.on("close", (code, signal) => (end = signal ?? `status ${code}`));
  let isReady = false;
  /** @type {number | undefined} */
  let address;
  createInterface({ input: start.stdout }).on("line", (line) => {
    say(line);
    isReady ||= line.startsWith("Ready:");
    address ??= Number(/VS Code runs at .*:(\d+)\//.exec(line)?.[1]) || undefined;
  });

  await until("It was not ready", READY_LIMIT_MS, () => isReady || end !== undefined);
  if (end !== undefined) throw new Error(`It ended with ${end} before it was ready.`);
  const processes = processTree(pid);
  const ports = listeningPorts(processes);
  if (address !== undefined && !ports.includes(address)) throw new Error(`Nothing listens at the address it printed.`);
  say(`Ctrl-C, with ${processes.length} processes, which listen on the ports ${ports.join(", ")} …`);
  interrupt();
  // Where the shell has become the program that it was to run, npm passes on what the terminal has told already.
  await sleep(AGAIN_AFTER_MS);
  if (end === undefined) interrupt();
  await until("It did not end on Ctrl-C", END_LIMIT_MS, () => end !== undefined);
  if (end !== "status 0") throw new Error(`It ended on Ctrl-C with ${end}, not with status 0.`);
  const left = processes.filter(isRunning);
  if (left.length > 0) throw new Error(["It has ended, and has left behind:", ...left.map(commandLine)].join("\n"));
  for (const port of ports) await until(`Port ${port} did not become free`, END_LIMIT_MS, () => isFree(port));
  say("It has ended with status 0: no process is left, and the ports are free.");
}
