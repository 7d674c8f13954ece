import type { Services } from "../services";
import type { AnyCommand } from "./command";
import { clearCapturesCommand, deleteCaptureCommand } from "./deleteCaptures";
import { compareAttemptsCommand } from "./compareAttempts";
import { compareDeliveriesCommand } from "./compareDeliveries";
import { compareWithLastSuccessfulCommand } from "./compareWithLastSuccessful";
import { copyAsCurlCommand } from "./copyAsCurl";
import { copyAsHttpCommand } from "./copyAsHttp";
import {
  copyDeliveryIdCommand,
  copyFactCommand,
  copyReceiverUrlCommand,
  copyWebhookIdCommand,
  copyWebhookUrlCommand,
} from "./copyFields";
import { createWebhookCommand } from "./createWebhook";
import { deleteWebhookCommand } from "./deleteWebhook";
import { exportDeliveriesCommand } from "./exportDeliveries";
import { clearDeliveryFilterCommand, filterDeliveriesCommand } from "./filterDeliveries";
import { forgetEverythingCommand } from "./forgetEverything";
import { forwardCaptureCommand } from "./forwardCapture";
import { forwardCapturesCommand } from "./forwardCaptures";
import { generateHandlerCommand } from "./generateHandler";
import { getWebhookCommand } from "./getWebhook";
import { inspectDeliveryCommand } from "./inspectDelivery";
import { listCapturesCommand } from "./listCaptures";
import { listDeliveriesCommand } from "./listDeliveries";
import { listWebhooksCommand } from "./listWebhooks";
import { loadMoreDeliveriesCommand, loadMoreWebhooksCommand } from "./loadMore";
import { openDeliveryDocumentCommand } from "./openDeliveryDocument";
import {
  dismissMissedDeliveriesCommand,
  sendMissedDeliveriesCommand,
  startPollingCommand,
  stopPollingCommand,
} from "./polling";
import { newSampleEventCommand } from "./newSampleEvent";
import { proveHandlerCommand } from "./proveHandler";
import { refreshCommand } from "./refresh";
import { replayDeliveryCommand } from "./replayDelivery";
import { replayUnderDebuggerCommand } from "./replayUnderDebugger";
import { retryDeliveryCommand } from "./retryDelivery";
import { retryFailedDeliveriesCommand } from "./retryFailedDeliveries";
import { copySecretCommand, forgetSecretCommand, storeSecretCommand } from "./secrets";
import { sendSampleEventCommand } from "./sendSampleEvent";
import { disableWebhookCommand, enableWebhookCommand, toggleWebhookCommand } from "./setWebhookEnabled";
import { signInCommand } from "./signIn";
import { signOutCommand } from "./signOut";
import { startLocalCommand } from "./startLocal";
import { startReceiverCommand } from "./startReceiver";
import { stopLocalCommand } from "./stopLocal";
import { stopReceiverCommand } from "./stopReceiver";
import { switchEnvironmentCommand } from "./switchEnvironment";
import { testWebhookCommand } from "./testWebhook";
import { verifySignatureCommand } from "./verifySignature";

/** Every command of the manifest, and nothing else. */
export function commandsOf(services: Services): readonly AnyCommand[] {
  return [
    signInCommand,
    signOutCommand,
    refreshCommand,
    switchEnvironmentCommand,
    createWebhookCommand,
    listWebhooksCommand,
    getWebhookCommand,
    toggleWebhookCommand,
    enableWebhookCommand,
    disableWebhookCommand,
    testWebhookCommand,
    deleteWebhookCommand,
    copySecretCommand,
    forgetSecretCommand,
    storeSecretCommand,
    forgetEverythingCommand,
    copyWebhookIdCommand,
    copyWebhookUrlCommand,
    listDeliveriesCommand,
    loadMoreDeliveriesCommand,
    loadMoreWebhooksCommand,
    filterDeliveriesCommand,
    clearDeliveryFilterCommand,
    inspectDeliveryCommand,
    openDeliveryDocumentCommand,
    compareDeliveriesCommand,
    compareWithLastSuccessfulCommand,
    compareAttemptsCommand,
    copyAsCurlCommand,
    copyAsHttpCommand,
    retryDeliveryCommand,
    retryFailedDeliveriesCommand,
    exportDeliveriesCommand,
    copyDeliveryIdCommand,
    copyFactCommand,
    verifySignatureCommand,
    generateHandlerCommand,
    proveHandlerCommand,
    sendSampleEventCommand,
    newSampleEventCommand,
    replayDeliveryCommand,
    replayUnderDebuggerCommand,
    startLocalCommand,
    stopLocalCommand,
    startReceiverCommand,
    stopReceiverCommand,
    forwardCapturesCommand,
    forwardCaptureCommand,
    copyReceiverUrlCommand,
    listCapturesCommand,
    deleteCaptureCommand,
    clearCapturesCommand,
    startPollingCommand,
    stopPollingCommand,
    sendMissedDeliveriesCommand,
    dismissMissedDeliveriesCommand,
  ].map((make) => make(services) as unknown as AnyCommand);
}
