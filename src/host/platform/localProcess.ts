import * as http from "node:http";
import type * as vscode from "vscode";
import { PacSpaceError } from "../../core/errors";
import { arrayField, numberField, recordOf, textField } from "../../core/model/fields";
import type { LocalSeed, RunningLocal } from "./localPacSpace";
import { OwnProcess } from "./ownProcess";

const startLimitMs = 30_000;

/** Whether the server at a port of this machine is Local PacSpace: it names itself in every answer. */
export function isLocalPacSpace(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const request = http.get({ host: "127.0.0.1", port, path: "/", timeout: 2_000 }, (answer) => {
      answer.resume();
      resolve(/^Local-PacSpace\b/.test(String(answer.headers.server ?? "")));
    });
    request.on("timeout", () => request.destroy());
    request.on("error", () => resolve(false));
  });
}

export interface LocalProcessOptions {
  /** 0 means any. */
  readonly port: number;
  readonly seed: LocalSeed;
  /** Absolute. */
  readonly dataDir: string;
}

/** The process of Local PacSpace. */
export class LocalProcess extends OwnProcess {
  constructor(script: string, log: vscode.LogOutputChannel) {
    super({ script, serialization: "json", warn: (text) => log.warn(`local: ${text}`) });
  }

  /**
   * Has the server listen; the process is ended when it can't.
   * @throws PacSpaceError `conflict`, `network` or `timeout`, with the reason
   */
  async start(options: LocalProcessOptions): Promise<RunningLocal> {
    const { child } = this;
    let timer: NodeJS.Timeout | undefined;
    try {
      return await new Promise<RunningLocal>((resolve, reject) => {
        const fail = (kind: "network" | "timeout", words: string): void => reject(new PacSpaceError(kind, words));
        timer = setTimeout(
          () => fail("timeout", `Local PacSpace did not start within ${startLimitMs / 1_000} seconds.`),
          startLimitMs,
        );
        child.once("error", ({ message }) => fail("network", `Local PacSpace can't be started: ${message}`));
        child.once("exit", (code) => fail("network", `Local PacSpace ended as it started (status ${code ?? "none"}).`));
        child.once("message", (message) => {
          const started = readStarted(message);
          if (started instanceof PacSpaceError) reject(started);
          else resolve(started);
        });
        child.send({ type: "start", options });
      });
    } catch (error) {
      void this.end();
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }
}

function readStarted(message: unknown): RunningLocal | PacSpaceError {
  const fields = recordOf(message);
  const baseUrl = textField(fields, "baseUrl");
  const port = numberField(fields, "port");
  if (fields.type !== "started" || baseUrl === undefined || port === undefined) {
    const code = textField(fields, "code");
    const words = textField(fields, "message") ?? "Local PacSpace did not say why it can't start.";
    const help = code === "EADDRINUSE" ? ' Choose another port by the setting "pacspace.local.port".' : "";
    return new PacSpaceError("conflict", words + help, { code });
  }
  const seededSecrets = (arrayField(fields, "seededSecrets") ?? []).flatMap((row) => {
    const id = textField(recordOf(row), "id");
    const secret = textField(recordOf(row), "secret");
    return id === undefined || secret === undefined ? [] : [{ id, secret }];
  });
  return { baseUrl, port, seededSecrets };
}
