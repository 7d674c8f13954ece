import { fork, type ChildProcess, type SerializationType } from "node:child_process";

const stopLimitMs = 5_000;

export interface OwnProcessOptions {
  /** The bundle that it runs. */
  readonly script: string;
  /** Options of Node and V8. */
  readonly flags?: readonly string[];
  readonly serialization: SerializationType;
  /** Gets what it says on its standard error. */
  readonly warn: (text: string) => void;
}

/** A process that runs a bundle of ours. It ends when its channel to this one is closed, as it is when this one ends. */
export class OwnProcess {
  readonly child: ChildProcess;
  /** Settles when the process has ended, or could not be made. */
  readonly ended: Promise<void>;

  constructor({ flags = [], script, serialization, warn }: OwnProcessOptions) {
    this.child = fork(script, [], {
      execPath: process.execPath,
      // None of the extension host's own, such as a debugger's port.
      execArgv: [...flags],
      env: { ...process.env, ELECTRON_RUN_AS_NODE: "1" },
      stdio: ["ignore", "pipe", "pipe", "ipc"],
      serialization,
    });
    this.child.stderr?.on("data", (chunk: Buffer) => warn(chunk.toString().trimEnd()));
    this.child.stdout?.resume();
    this.ended = new Promise((resolve) => {
      this.child.once("exit", () => resolve());
      this.child.once("error", () => resolve());
    });
  }

  /** Tells the process to end, and waits for nothing. */
  disconnect(): void {
    if (this.child.connected) this.child.disconnect();
  }

  /** Ends the process; one that doesn't end by itself is killed. */
  async end(): Promise<void> {
    this.disconnect();
    const timer = setTimeout(() => this.child.kill("SIGKILL"), stopLimitMs);
    await this.ended;
    clearTimeout(timer);
  }
}
