/** A webhook as Local PacSpace keeps it, its secret included. */
export interface WebhookRecord {
  readonly id: string;
  readonly url: string;
  readonly description?: string;
  readonly secret: string;
  readonly enabled: boolean;
  readonly createdAt: string;
  readonly lastTriggered?: string;
  readonly successCount: number;
  readonly failureCount: number;
}

export type DeliveryStatus = "pending" | "delivered" | "failed";

export interface AttemptRecord {
  readonly number: number;
  readonly startedAt: string;
  readonly durationMs: number;
  readonly httpStatus?: number;
  readonly error?: string;
  readonly requestHeaders: Readonly<Record<string, string>>;
  readonly responseHeaders?: Readonly<Record<string, string>>;
  readonly responseBody?: string;
}

/** One event to one webhook. The body is the exact text that is signed and sent. */
export interface DeliveryRecord {
  readonly id: string;
  readonly event: string;
  readonly webhookId: string;
  readonly endpoint: string;
  readonly body: string;
  readonly status: DeliveryStatus;
  readonly createdAt: string;
  readonly deliveredAt?: string;
  /** When the next attempt of a pending delivery is due; at once when absent. */
  readonly dueAt?: string;
  readonly attempts: readonly AttemptRecord[];
}
