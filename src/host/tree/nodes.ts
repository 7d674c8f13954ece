import type { Capture } from "../../core/model/capture";
import { deliveryKey, type Delivery } from "../../core/model/delivery";
import type { Webhook } from "../../core/model/webhook";
import type { PollState } from "../../state/deliveryPoll";

// Registered by name: rows are made in one bundle and recognised in others.
const brand: unique symbol = Symbol.for("pacspace-webhooks.treeNode");

interface NodeBase {
  readonly [brand]: true;
  /** Stable: the same thing has the same key after a refresh. */
  readonly key: string;
}

export interface WebhookNode extends NodeBase {
  readonly kind: "webhook";
  readonly webhook: Webhook;
  /** Whether its secret is stored here; undefined before that is known. */
  readonly hasSecret: boolean | undefined;
}

export interface FactNode extends NodeBase {
  readonly kind: "fact";
  readonly name: string;
  readonly value: string;
  readonly icon: string;
}

export interface DayNode extends NodeBase {
  readonly kind: "day";
  /** Local day, YYYY-MM-DD; empty when the rows tell no time. */
  readonly day: string;
  readonly count: number;
}

export interface DeliveryNode extends NodeBase {
  readonly kind: "delivery";
  readonly delivery: Delivery;
  /** Its webhook, where it is known by description or URL. */
  readonly endpoint: string | undefined;
}

export interface MoreNode extends NodeBase {
  readonly kind: "more";
  readonly of: "webhooks" | "deliveries";
  readonly loaded: number;
  readonly total: number | undefined;
}

export interface CaptureNode extends NodeBase {
  readonly kind: "capture";
  readonly capture: Capture;
  /** The webhook whose secret matches, as a person calls it. */
  readonly endpoint: string | undefined;
}

/** The receiver, as it runs. */
export interface ReceiverNode extends NodeBase {
  readonly kind: "receiver";
  readonly receiver: ReceiverState;
}

export interface ReceiverState {
  readonly url: string;
  /** Where a browser on the person's own machine finds it, when that is another one than the receiver's. */
  readonly externalUrl?: string;
  /** The other machine, as VS Code names it. */
  readonly remoteName?: string;
  readonly forwardTo?: string;
}

/** What is known of polling while it is on. */
export interface PollingNode extends NodeBase {
  readonly kind: "polling";
  readonly environment: string;
  readonly polling: PollState;
}

/** A row that comes of an account. */
export type AccountNode = WebhookNode | FactNode | DayNode | DeliveryNode | MoreNode;

/** A row that comes of the receiver. */
export type CaptureRow = CaptureNode | ReceiverNode | PollingNode;

export type TreeNode = AccountNode | CaptureRow;

/** Tells a row of our trees from an argument object that somebody passes to a command. */
export function isTreeNode(value: unknown): value is TreeNode {
  return typeof value === "object" && value !== null && brand in value;
}

export function webhookNode(webhook: Webhook, hasSecret: boolean | undefined): WebhookNode {
  return { [brand]: true, kind: "webhook", key: `webhook|${webhook.id}`, webhook, hasSecret };
}

export function factNode(webhookId: string, name: string, value: string, icon: string): FactNode {
  return { [brand]: true, kind: "fact", key: `fact|${webhookId}|${name}`, name, value, icon };
}

export function dayNode(day: string, count: number): DayNode {
  return { [brand]: true, kind: "day", key: `day|${day}`, day, count };
}

/** @param under the parent's key: a delivery may stand below its day and below its webhook */
export function deliveryNode(delivery: Delivery, endpoint: string | undefined, under: string): DeliveryNode {
  return { [brand]: true, kind: "delivery", key: `${under}>${deliveryKey(delivery)}`, delivery, endpoint };
}

export function moreNode(of: MoreNode["of"], loaded: number, total: number | undefined): MoreNode {
  return { [brand]: true, kind: "more", key: `more|${of}`, of, loaded, total };
}

export function captureNode(capture: Capture, endpoint: string | undefined): CaptureNode {
  return { [brand]: true, kind: "capture", key: `capture|${capture.id}`, capture, endpoint };
}

export function receiverNode(receiver: ReceiverState): ReceiverNode {
  return { [brand]: true, kind: "receiver", key: "receiver", receiver };
}

export function pollingNode(environment: string, polling: PollState): PollingNode {
  return { [brand]: true, kind: "polling", key: "polling", environment, polling };
}
