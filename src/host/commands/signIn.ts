import { readFile } from "node:fs/promises";
import * as vscode from "vscode";
import { invalidInput, PacSpaceError } from "../../core/errors";
import type { PacSpaceApi } from "../../api/pacspaceApi";
import { textField } from "../../core/model/fields";
import type { Services } from "../services";
import type { Command } from "./command";
import { requiredText } from "./prompts";

type Entry =
  | {
      readonly method: "password";
      readonly email: string;
      readonly password: string;
      readonly code: () => Thenable<string | undefined>;
    }
  | { readonly method: "cookieFile"; readonly path: string }
  | { readonly method: "cookie"; readonly cookie: string };

async function askMethod(environment: string): Promise<Entry["method"] | undefined> {
  const items: (vscode.QuickPickItem & { method: Entry["method"] })[] = [
    {
      label: `$(key) ${vscode.l10n.t("Email and password")}`,
      detail: vscode.l10n.t("As on the dashboard; asks for the code when MFA is on"),
      method: "password",
    },
    {
      label: `$(file) ${vscode.l10n.t("Cookie file")}`,
      detail: vscode.l10n.t("A cookie jar that curl -c wrote"),
      method: "cookieFile",
    },
    {
      label: `$(clippy) ${vscode.l10n.t("Cookie header")}`,
      detail: vscode.l10n.t("The Cookie: value of a request in your browser's developer tools"),
      method: "cookie",
    },
  ];
  return (await vscode.window.showQuickPick(items, { title: vscode.l10n.t("Sign in to {0}", environment) }))?.method;
}

async function askEntry(environment: string): Promise<Entry | undefined> {
  const title = vscode.l10n.t("Sign in to {0}", environment);
  switch (await askMethod(environment)) {
    case "password": {
      const email = await vscode.window.showInputBox({
        title,
        prompt: vscode.l10n.t("Email"),
        ignoreFocusOut: true,
        validateInput: (text) =>
          text.includes("@") ? undefined : vscode.l10n.t("Type the email address of your PacSpace account."),
      });
      if (email === undefined) return undefined;
      const password = await vscode.window.showInputBox({
        title,
        prompt: vscode.l10n.t("Password"),
        password: true,
        ignoreFocusOut: true,
      });
      if (!password) return undefined;
      const code = (): Thenable<string | undefined> =>
        vscode.window.showInputBox({
          title,
          prompt: vscode.l10n.t("The code of your authenticator"),
          ignoreFocusOut: true,
          validateInput: (text) =>
            /^\s*\d{6,8}\s*$/.test(text) ? undefined : vscode.l10n.t("The code has six to eight digits."),
        });
      return { method: "password", email: email.trim(), password, code };
    }
    case "cookieFile": {
      const [file] = (await vscode.window.showOpenDialog({ title, openLabel: vscode.l10n.t("Use Cookie File") })) ?? [];
      return file === undefined ? undefined : { method: "cookieFile", path: file.fsPath };
    }
    case "cookie": {
      const cookie = await vscode.window.showInputBox({
        title,
        prompt: vscode.l10n.t("Paste the value of the Cookie header"),
        password: true,
        ignoreFocusOut: true,
      });
      return cookie ? { method: "cookie", cookie } : undefined;
    }
    case undefined:
      return undefined;
  }
}

async function readCookieFile(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code === "ENOENT" ? "there is no such file" : (error as Error).message;
    throw new PacSpaceError("invalid", `The cookie file ${path} can't be read: ${why}.`, { cause: error });
  }
}

async function enter(api: PacSpaceApi, entry: Entry): Promise<void> {
  if (entry.method === "cookieFile") {
    api.auth.importCookieFile(await readCookieFile(entry.path));
    return;
  }
  if (entry.method === "cookie") {
    api.auth.importCookieHeader(entry.cookie);
    return;
  }
  const { mfaTicket } = await api.auth.login(entry.email, entry.password);
  if (mfaTicket === undefined) return;
  const code = await entry.code();
  if (code === undefined) throw new PacSpaceError("cancelled", "Signing in was given up at the code.");
  await api.auth.verifyMfa(mfaTicket, code.trim());
}

/** Signs in by password (and MFA), by a cookie file or by a pasted cookie; the session is checked before it is kept. */
export function signInCommand(services: Services): Command<Entry, { signedIn: true; environment: string }> {
  return {
    id: "pacspace.signIn",
    progress: { place: { view: "pacspace.webhooks" }, title: vscode.l10n.t("Signing in…") },
    read: (argument) => {
      switch (argument.method) {
        case "password": {
          const code = textField(argument, "mfaCode");
          return {
            method: "password",
            email: requiredText(argument, "email", "the address of your PacSpace account"),
            password: requiredText(argument, "password", "the account's password"),
            code: () => {
              if (code !== undefined) return Promise.resolve(code);
              throw new PacSpaceError("auth", "This account has MFA on: pass the authenticator's code as mfaCode.");
            },
          };
        }
        case "cookieFile":
          return { method: "cookieFile", path: requiredText(argument, "path", "where the cookie file lies") };
        case "cookie":
          return { method: "cookie", cookie: requiredText(argument, "cookie", "the value of a Cookie header") };
        default:
          throw invalidInput('method must be "password", "cookieFile" or "cookie".');
      }
    },
    ask: () => askEntry(services.account().environment.name),
    run: async (entry) => {
      const account = services.account();
      await account.signIn((api) => enter(api, entry));
      services.sidebar.reload();
      return { signedIn: true, environment: account.environment.name };
    },
    announce: ({ environment }) => ({
      severity: "information",
      message: vscode.l10n.t("Signed in to {0}.", environment),
    }),
  };
}
