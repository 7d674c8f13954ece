import * as vscode from "vscode";
import { writeHttpFile } from "../../core/request/writeHttpFile";
import type { Services } from "../services";
import { copyingRequests } from "./requestCopy";

/** Copies a delivery as a request for the HTTP clients of editors. */
export function copyAsHttpCommand(services: Services): ReturnType<typeof copyingRequests> {
  return copyingRequests(
    services,
    "pacspace.copyAsHttp",
    vscode.l10n.t("Copy as HTTP File"),
    (request, notes, { id, event }) => writeHttpFile(request, [[event, id].filter(Boolean).join(" "), ...notes]),
    "\n\n###\n\n",
  );
}
