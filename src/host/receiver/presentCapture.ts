import * as vscode from "vscode";
import type { Capture, CaptureCheck } from "../../core/model/capture";
import { visibleText } from "../../core/model/visibleText";
import type { CaptureNode, CaptureRow, PollingNode, ReceiverNode } from "../tree/nodes";
import { coloured, joined } from "../tree/rowParts";
import { age, fullTime } from "../tree/times";

const checkIcons: Readonly<Record<CaptureCheck["state"], vscode.ThemeIcon>> = {
  pending: coloured("loading~spin"),
  verified: coloured("pass", "testing.iconPassed"),
  expired: coloured("history", "charts.yellow"),
  wrong: coloured("error", "testing.iconFailed"),
  unsigned: coloured("unverified", "list.warningForeground"),
  unchecked: coloured("key", "list.warningForeground"),
};

const checkWords: Readonly<Record<CaptureCheck["state"], string>> = {
  pending: vscode.l10n.t("checking"),
  verified: vscode.l10n.t("verified"),
  expired: vscode.l10n.t("expired"),
  wrong: vscode.l10n.t("wrong signature"),
  unsigned: vscode.l10n.t("unsigned"),
  unchecked: vscode.l10n.t("no secret to check with"),
};

function spokenMs(ms: number): string {
  return ms < 1_000 ? vscode.l10n.t("{0} ms", Math.round(ms)) : vscode.l10n.t("{0} s", (ms / 1_000).toFixed(1));
}

/** What came of handing it on. */
function forwardWords({ forward }: Capture): string | undefined {
  switch (forward?.state) {
    case undefined:
      return undefined;
    case "pending":
      return vscode.l10n.t("with the handler");
    case "answered":
      return vscode.l10n.t("handler: {0} in {1}", forward.status, spokenMs(forward.durationMs));
    case "failed":
      return vscode.l10n.t("handler: no answer");
  }
}

/** How a row of the Captures view looks; `now` in milliseconds since 1970. */
export function presentCaptureRow(node: CaptureRow, now: number): vscode.TreeItem {
  switch (node.kind) {
    case "capture":
      return presentCapture(node, now);
    case "receiver":
      return presentReceiver(node);
    case "polling":
      return presentPolling(node, now);
  }
}

function presentCapture({ capture, endpoint }: CaptureNode, now: number): vscode.TreeItem {
  const { check, duplicateOf, event, eventId, forward, id, method, receivedAt, source, target } = capture;
  const name = visibleText(event ?? `${method} ${target}`);
  const words = joined([
    checkWords[check.state],
    duplicateOf === undefined ? undefined : vscode.l10n.t("duplicate"),
    source === "polled" ? vscode.l10n.t("polled") : undefined,
    forwardWords(capture),
    endpoint,
    age(receivedAt, now),
  ]);
  const item = new vscode.TreeItem(name);
  item.description = words;
  item.iconPath = checkIcons[check.state];
  item.contextValue = forward?.state === "failed" ? "capture-notForwarded" : "capture";
  item.tooltip = joined(
    [
      name,
      joined([eventId, id]),
      `${method} ${target}`,
      checkWords[check.state],
      duplicateOf === undefined ? undefined : vscode.l10n.t("The same event came as {0} before.", duplicateOf),
      forward?.state === "failed" ? forward.message : forwardWords(capture),
      fullTime(receivedAt),
    ],
    "\n",
  );
  item.accessibilityInformation = { label: joined([name, words], ", ") };
  item.command = { command: "pacspace.inspectDelivery", title: vscode.l10n.t("Inspect Capture") };
  return item;
}

function presentReceiver({ receiver }: ReceiverNode): vscode.TreeItem {
  const { externalUrl, forwardTo, remoteName, url } = receiver;
  const where =
    remoteName === undefined
      ? undefined
      : externalUrl === undefined
        ? vscode.l10n.t("on {0}, not on your own machine", remoteName)
        : vscode.l10n.t("on {0}; from your own machine {1}", remoteName, externalUrl);
  const onward = forwardTo === undefined ? vscode.l10n.t("answers 200") : vscode.l10n.t("forwards to {0}", forwardTo);
  const item = new vscode.TreeItem(url);
  item.description = joined([onward, where]);
  item.iconPath = coloured("radio-tower", "testing.iconPassed");
  item.contextValue = forwardTo === undefined ? "receiver" : "receiver-forwards";
  item.tooltip = joined(
    [
      vscode.l10n.t("The receiver listens here: use it as a webhook's URL."),
      onward,
      where,
      vscode.l10n.t("This is no public address: a PacSpace elsewhere reaches it by a tunnel of yours, or by polling."),
    ],
    "\n",
  );
  item.accessibilityInformation = { label: joined([vscode.l10n.t("Receiver at {0}", url), onward, where], ", ") };
  return item;
}

function missedWords({ missed, moreSince }: PollingNode["polling"]): string | undefined {
  if (moreSince === undefined) return missed.length === 0 ? undefined : vscode.l10n.t("{0} missed", missed.length);
  return moreSince === ""
    ? vscode.l10n.t("{0} missed, and more before them", missed.length)
    : vscode.l10n.t("{0} missed, and more before them, since {1}", missed.length, fullTime(moreSince));
}

function presentPolling({ environment, polling }: PollingNode, now: number): vscode.TreeItem {
  const { delivered, kind, lastSuccess, missed, moreSince, reason } = polling;
  const state = { live: vscode.l10n.t("live"), waiting: vscode.l10n.t("waiting"), stopped: vscode.l10n.t("stopped") };
  const read = age(lastSuccess, now);
  const someMissed = missedWords(polling);
  const words = joined([
    // First: a narrow view shows no more than the beginning.
    someMissed,
    state[kind],
    read === undefined ? vscode.l10n.t("not read yet") : vscode.l10n.t("last read {0}", read),
    vscode.l10n.t("{0} handed on", delivered),
    kind === "waiting" ? reason : undefined,
  ]);
  const item = new vscode.TreeItem(vscode.l10n.t("Polling {0}", environment));
  item.description = words;
  const isFine = kind === "live" && someMissed === undefined;
  item.iconPath = coloured(
    kind === "live" ? "sync" : "sync-ignored",
    isFine ? "testing.iconPassed" : "list.warningForeground",
  );
  item.contextValue = someMissed === undefined ? "polling" : "polling-missed";
  item.tooltip = joined(
    [
      words,
      lastSuccess && fullTime(lastSuccess),
      missed.length === 0
        ? undefined
        : vscode.l10n.t(
            "Missed: {0}",
            missed
              .slice(0, 20)
              .map(({ id }) => id)
              .join(", "),
          ) + (missed.length > 20 ? " …" : ""),
      moreSince === undefined
        ? undefined
        : vscode.l10n.t("The oldest of what was missed can't be named and sent: look for it in the deliveries."),
    ],
    "\n",
  );
  item.accessibilityInformation = { label: joined([vscode.l10n.t("Polling {0}", environment), words], ", ") };
  return item;
}
