import type { TestContext } from "vitest";
import { createClient } from "../../../src/api/client";
import type { PacSpaceApi } from "../../../src/api/pacspaceApi";
import { isPacSpaceError, type PacSpaceError } from "../../../src/core/errors";
import { json, startServer, type Handler, type TestServer } from "./server";

export interface Bench {
  readonly server: TestServer;
  readonly api: PacSpaceApi;
  readonly log: readonly string[];
  /** Answers the first requests by the given handlers, and all later ones well. */
  readonly first: (...handlers: readonly Handler[]) => void;
}

/** A server, and a client signed in to it, for one test alone, so that tests can wait side by side. */
export async function bench(
  { onTestFinished }: Pick<TestContext, "onTestFinished">,
  handler: Handler,
  timeoutMs = 20_000,
): Promise<Bench> {
  const log: string[] = [];
  const server = await startServer(handler);
  const api = createClient({ baseUrl: server.url, timeoutMs, log: (line) => log.push(line) });
  api.auth.importCookieHeader("session=very-secret-value");
  onTestFinished(async () => {
    await api.close();
    await server.close();
  });
  const first = (...handlers: readonly Handler[]): void => {
    const left = [...handlers];
    server.handler = (request, response, socket) => (left.shift() ?? good)(request, response, socket);
  };
  return { server, api, log, first };
}

export const webhook = { id: "webhook_1", url: "https://example.com", enabled: true };
export const good: Handler = (_request, response) =>
  json(response, { success: true, data: { ...webhook, success: true, deliveries: [] } });

/** The error that a call ends with. */
export async function failure(call: Promise<unknown>): Promise<PacSpaceError> {
  const error: unknown = await call.then(
    () => new Error("The call succeeded"),
    (thrown: unknown) => thrown,
  );
  if (isPacSpaceError(error)) return error;
  throw error;
}

export const status =
  (code: number, headers: Record<string, string> = {}): Handler =>
  (_request, response) =>
    json(response, { statusCode: code, message: "No." }, code, headers);
