import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/** @typedef {{ pid: number, parent: number, began: string }} Process `began` tells it from a later one of the same id */

/**
 * @param {number | string} pid
 * @returns {Process | undefined} undefined when there is none, or it has ended and waits for its parent to notice
 */
function look(pid) {
  try {
    // Its name stands in brackets and may have anything in it.
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ");
    const [state = "", parent = ""] = fields;
    return state === "Z" ? undefined : { pid: Number(pid), parent: Number(parent), began: fields[19] ?? "" };
  } catch {
    return undefined;
  }
}

/**
 * @param {number} pid
 * @returns {readonly Process[]} that process and all that descend from it; none where there is no /proc
 */
export function processTree(pid) {
  const all = readdirSync("/proc").flatMap((name) => (/^\d+$/.test(name) ? (look(name) ?? []) : []));
  const tree = all.filter((one) => one.pid === pid);
  // It grows while it is gone through.
  for (const { pid: parent } of tree) tree.push(...all.filter((one) => one.parent === parent));
  return tree;
}

/**
 * @param {Process} one
 * @returns {boolean} whether it still runs
 */
export function isRunning({ pid, began }) {
  return look(pid)?.began === began;
}

/**
 * @param {Process} one
 * @returns {string} what it was started with, for an error
 */
export function commandLine({ pid }) {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim();
  } catch {
    return "";
  }
}

/**
 * @param {readonly Process[]} processes
 * @returns {readonly number[]} the TCP ports on which they listen
 */
export function listeningPorts(processes) {
  const sockets = new Set(processes.flatMap(({ pid }) => openFiles(pid)));
  const ports = ["tcp", "tcp6"].flatMap((kind) => {
    const [, ...rows] = readFileSync(`/proc/net/${kind}`, "utf8").trim().split("\n");
    return rows.flatMap((row) => {
      const [, local = "", , state, , , , , , inode] = row.trim().split(/\s+/);
      const isOurs = state === "0A" && sockets.has(`socket:[${inode}]`);
      return isOurs ? [Number.parseInt(local.split(":")[1] ?? "", 16)] : [];
    });
  });
  return [...new Set(ports)];
}

/**
 * @param {number} pid
 * @returns {readonly string[]}
 */
function openFiles(pid) {
  const folder = `/proc/${pid}/fd`;
  try {
    return readdirSync(folder).map((name) => readlinkSync(`${folder}/${name}`));
  } catch {
    return []; // it has ended meanwhile, or has closed one of them
  }
}
