import * as vscode from "vscode";
import type { Handlers } from "../../protocol/dispatch";
import type { PanelMessage } from "../../protocol/panelMessages";
import { copyCode, copyReport, insertCode } from "./answerActions";
import type { LastEditor } from "./lastEditor";
import { requestFromText } from "./requestTaking";
import type { VerificationDesk } from "./verificationDesk";

/** The messages that these handlers are for. */
export type DeskMessage =
  | "draft"
  | "chooseKey"
  | "takeBody"
  | "takeRequest"
  | "pasteRequest"
  | "typeSecret"
  | "check"
  | "cancelCheck"
  | "chooseFramework"
  | "copyCode"
  | "insertCode"
  | "copyReport";

/** What a person wants on the Verify tab. */
export function verificationHandlers(
  desk: VerificationDesk,
  editor: LastEditor,
): Pick<Handlers<PanelMessage, unknown>, DeskMessage> {
  return {
    draft: (fields) => desk.draft(fields),
    chooseKey: ({ key }) => desk.chooseKey(key),
    takeBody: ({ from }) => desk.takeBody(from),
    takeRequest: ({ from }) => desk.takeRequest(from),
    pasteRequest: ({ text }) => desk.useRequest(() => requestFromText(text, vscode.l10n.t("what was pasted"))),
    typeSecret: () => desk.typeSecret(),
    check: (fields) => desk.check(fields),
    cancelCheck: () => desk.cancelCheck(),
    chooseFramework: ({ framework }) => desk.chooseFramework(framework),
    copyCode: ({ cause }) => copyCode(desk.answer, cause),
    insertCode: ({ cause }) => insertCode(desk.answer, cause, editor),
    copyReport: () => copyReport(desk.answer),
  };
}
