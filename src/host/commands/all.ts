import type { Services } from "../services";
import type { AnyCommand } from "./command";
import { compareAttemptsCommand } from "./compareAttempts";
import { compareDeliveriesCommand } from "./compareDeliveries";
import { compareWithLastSuccessfulCommand } from "./compareWithLastSuccessful";
import { copyAsCurlCommand } from "./copyAsCurl";
import { copyAsHttpCommand } from "./copyAsHttp";
import { copyDeliveryIdCommand, copyFactCommand, copyWebhookIdCommand, copyWebhookUrlCommand } from "./copyFields";
import { createWebhookCommand } from "./createWebhook";
import { deleteWebhookCommand } from "./deleteWebhook";
import { exportDeliveriesCommand } from "./exportDeliveries";
import { clearDeliveryFilterCommand, filterDeliveriesCommand } from "./filterDeliveries";
import { forgetEverythingCommand } from "./forgetEverything";
import { generateHandlerCommand } from "./generateHandler";
import { getWebhookCommand } from "./getWebhook";
import { inspectDeliveryCommand } from "./inspectDelivery";
import { listDeliveriesCommand } from "./listDeliveries";
import { listWebhooksCommand } from "./listWebhooks";
import { loadMoreDeliveriesCommand, loadMoreWebhooksCommand } from "./loadMore";
import { openDeliveryDocumentCommand } from "./openDeliveryDocument";
import { proveHandlerCommand } from "./proveHandler";
import { refreshCommand } from "./refresh";
import { retryDeliveryCommand } from "./retryDelivery";
import { retryFailedDeliveriesCommand } from "./retryFailedDeliveries";
import { copySecretCommand, forgetSecretCommand, storeSecretCommand } from "./secrets";
import { disableWebhookCommand, enableWebhookCommand, toggleWebhookCommand } from "./setWebhookEnabled";
import { signInCommand } from "./signIn";
import { signOutCommand } from "./signOut";
import { startLocalCommand } from "./startLocal";
import { stopLocalCommand } from "./stopLocal";
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
    startLocalCommand,
    stopLocalCommand,
  ].map((make) => make(services) as unknown as AnyCommand);
}
