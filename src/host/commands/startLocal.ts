import * as vscode from "vscode";
import type { PacSpaceApi } from "../../api/pacspaceApi";
import { invalidInput, PacSpaceError } from "../../core/errors";
import { demoAccount } from "../../local/demoAccount";
import type { LocalSeed } from "../platform/localPacSpace";
import { settings } from "../platform/settings";
import type { Services } from "../services";
import type { Command } from "./command";

interface Start {
  readonly port: number;
  readonly seed: LocalSeed;
  /** After a reload: who had signed out stays so, and a session that still holds is gone on with. */
  readonly resume: boolean;
}

interface Started {
  readonly baseUrl: string;
  readonly environment: string;
}

function readPort(value: unknown): number {
  if (value === undefined) return settings.localPort();
  if (typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= 65_535) return value;
  throw invalidInput("port must be a whole number from 0 (any free port) to 65535.");
}

function readSeed(value: unknown): LocalSeed {
  if (value === undefined || value === "demo") return "demo";
  if (value === "empty") return "empty";
  throw invalidInput('seed must be "demo" or "empty".');
}

/** Whether the session that is there is still taken. */
async function holds({ auth }: PacSpaceApi): Promise<boolean> {
  try {
    await auth.check();
    return true;
  } catch {
    return false;
  }
}

/** Starts Local PacSpace, or attaches to the one that runs, switches to it and signs in. */
export function startLocalCommand(services: Services): Command<Start, Started> {
  return {
    id: "pacspace.startLocal",
    progress: { place: { view: "pacspace.webhooks" }, title: vscode.l10n.t("Starting Local PacSpace…") },
    read: ({ port, seed, resume }) => ({ port: readPort(port), seed: readSeed(seed), resume: resume === true }),
    ask: () => Promise.resolve({ port: settings.localPort(), seed: "demo", resume: false }),
    run: async ({ port, seed, resume }) => {
      if (!vscode.workspace.isTrusted) {
        throw new PacSpaceError(
          "forbidden",
          "Local PacSpace starts in a trusted workspace only: trust this one first.",
        );
      }
      const { baseUrl, seededSecrets } = await services.local.start(port, seed);
      const account = await services.environments.switchTo(services.environments.local());
      for (const { id, secret } of seededSecrets) await account.secrets.store(id, secret);
      const started = { baseUrl, environment: account.environment.name };
      if (resume && !(await account.hasSession())) return started;
      await account.signIn(async (api) => {
        if (!resume || !(await holds(api))) await api.auth.login(demoAccount.email, demoAccount.password);
      });
      await services.sidebar.refresh();
      return started;
    },
    announce: ({ baseUrl }) => ({
      severity: "information",
      message: vscode.l10n.t(
        "Local PacSpace runs at {0}, signed in with the demo account. It ends with this window.",
        baseUrl,
      ),
    }),
  };
}
