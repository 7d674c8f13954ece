import * as vscode from "vscode";
import { invalidInput } from "../../core/errors";
import type { DeliveryRef } from "../../core/model/delivery";
import type { PollState } from "../../state/deliveryPoll";
import type { ReceiverDesk } from "../receiver/receiverDesk";
import type { Services } from "../services";
import type { Command } from "./command";
import { confirmLoss, requireConfirmation } from "./prompts";

interface Polled extends Pick<PollState, "kind"> {
  readonly environment: string;
  readonly missed: readonly DeliveryRef[];
  /** Set when more were missed than are named. */
  readonly moreSince?: string;
  readonly lastSuccess?: string;
}

function told({ polling }: ReceiverDesk): Polled {
  const { kind = "stopped", lastSuccess, missed = [], moreSince } = polling.state ?? {};
  return {
    environment: polling.environment,
    kind,
    missed,
    ...(moreSince !== undefined && { moreSince }),
    ...(lastSuccess !== undefined && { lastSuccess }),
  };
}

/** Reads new deliveries from PacSpace and hands them to the receiver: for those without a tunnel. */
export function startPollingCommand(services: Services): Command<null, Polled> {
  return {
    id: "pacspace.startPolling",
    progress: { place: { view: "pacspace.captures" }, title: vscode.l10n.t("Reading from PacSpace…") },
    read: () => null,
    ask: () => Promise.resolve(null),
    run: async () => {
      const desk = await services.receiver.get();
      if (desk.running === undefined) await desk.start({});
      await desk.startPolling();
      return told(desk);
    },
    announce: ({ environment, kind, missed, moreSince }) => {
      if (kind === "waiting") return undefined;
      if (missed.length === 0 && moreSince === undefined) {
        const message = vscode.l10n.t("New deliveries of {0} are handed to your handler from now on.", environment);
        return { severity: "information", message };
      }
      const send = { label: vscode.l10n.t("Send Them"), run: () => run("pacspace.sendMissedDeliveries") };
      const forget = { label: vscode.l10n.t("Forget Them"), run: () => run("pacspace.dismissMissedDeliveries") };
      return {
        severity: "warning",
        message:
          moreSince !== undefined
            ? vscode.l10n.t("More than {0} deliveries were missed: the oldest can't be named.", missed.length)
            : missed.length === 1
              ? vscode.l10n.t("1 delivery came while nothing was polled.")
              : vscode.l10n.t("{0} deliveries came while nothing was polled.", missed.length),
        choices: [send, forget],
      };
    },
  };
}

function run(command: string): Thenable<unknown> {
  return vscode.commands.executeCommand(command);
}

/** Stops reading. */
export function stopPollingCommand(services: Services): Command<null, Polled> {
  return {
    id: "pacspace.stopPolling",
    read: () => null,
    ask: () => Promise.resolve(null),
    run: async () => {
      const desk = await services.receiver.get();
      await desk.stopPolling();
      return told(desk);
    },
  };
}

function handedOn(sent: number): string {
  return sent === 1
    ? vscode.l10n.t("1 missed delivery was handed on.")
    : vscode.l10n.t("{0} missed deliveries were handed on.", sent);
}

function stillMissed(count: number): string {
  return count === 1
    ? vscode.l10n.t("1 was not, and stays named.")
    : vscode.l10n.t("{0} were not, and stay named.", count);
}

/** Hands on what came while nothing was polled, in order. */
export function sendMissedDeliveriesCommand(
  services: Services,
): Command<null, { readonly sent: number; readonly missed: readonly DeliveryRef[] }> {
  return {
    id: "pacspace.sendMissedDeliveries",
    progress: { place: "notification", title: vscode.l10n.t("Sending what was missed") },
    read: () => null,
    ask: () => Promise.resolve(null),
    run: async (_, { signal }) => {
      const desk = await services.receiver.get();
      const sent = await desk.polling.sendMissed(signal);
      return { sent, missed: told(desk).missed };
    },
    announce: ({ sent, missed }) => ({
      severity: missed.length === 0 ? "information" : "warning",
      message: handedOn(sent) + (missed.length === 0 ? "" : ` ${stillMissed(missed.length)}`),
    }),
  };
}

/** Forgets what came while nothing was polled; in PacSpace's history it stays. */
export function dismissMissedDeliveriesCommand(services: Services): Command<null, { readonly dismissed: number }> {
  return {
    id: "pacspace.dismissMissedDeliveries",
    read: (argument) => {
      requireConfirmation(argument, "Forgetting missed deliveries");
      return null;
    },
    ask: async () => {
      const { missed, moreSince } = told(await services.receiver.get());
      if (missed.length === 0 && moreSince === undefined)
        throw invalidInput(vscode.l10n.t("No missed delivery is named."));
      const question =
        moreSince !== undefined
          ? vscode.l10n.t("Forget all that was missed?")
          : missed.length === 1
            ? vscode.l10n.t("Forget 1 missed delivery?")
            : vscode.l10n.t("Forget {0} missed deliveries?", missed.length);
      const detail = vscode.l10n.t("They are not handed on. In PacSpace's history they stay.");
      return (await confirmLoss(question, detail, vscode.l10n.t("Forget"))) ? null : undefined;
    },
    run: async () => {
      const desk = await services.receiver.get();
      const dismissed = told(desk).missed.length;
      await desk.polling.dismissMissed();
      return { dismissed };
    },
  };
}
