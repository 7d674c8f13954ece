import * as vscode from "vscode";
import { writeCurl } from "../../core/request/writeCurl";
import type { Services } from "../services";
import { copyingRequests } from "./requestCopy";

/** Copies a delivery as a curl command for a POSIX shell. */
export function copyAsCurlCommand(services: Services): ReturnType<typeof copyingRequests> {
  return copyingRequests(services, "pacspace.copyAsCurl", vscode.l10n.t("Copy as curl"), writeCurl, "\n\n");
}
