import { decodeBase64 } from "../../core/model/base64";
import { invalidInput } from "../../core/errors";
import { numberField, recordOf, textField, type Fields } from "../../core/model/fields";
import type { Verdict } from "../../core/model/verdict";
import type { HeaderList } from "../../core/model/headers";
import type { VerificationKey } from "../../core/signature/verify";
import { readHeaders } from "../../core/request/headers";
import { readRequest } from "../../core/request/readRequest";
import type { KeySource } from "../signatureChecks";
import type { Services } from "../services";
import type { Command } from "./command";
import { verifyByPerson } from "./verificationWays";

interface Verification {
  readonly headers: HeaderList;
  readonly body: Uint8Array;
  readonly keys: KeySource;
  readonly now?: number;
  readonly computed?: string;
  readonly stored?: { readonly body: Uint8Array } | { readonly deliveryId: string };
}

function readKeys(argument: Fields): KeySource {
  const secret = argument.secret;
  const webhookId = textField(argument, "webhookId");
  const keys = argument.keys;
  if ([secret, webhookId, keys].filter((source) => source !== undefined).length > 1) {
    throw invalidInput("Pass one source of keys: secret, webhookId or keys; without one, every stored key is tried.");
  }
  if (secret !== undefined) {
    if (typeof secret !== "string" || secret === "") throw invalidInput("secret must be a text that is not empty.");
    return { kind: "secret", secret };
  }
  if (webhookId !== undefined) return { kind: "webhook", webhookId };
  if (keys === undefined) return { kind: "all" };
  if (!Array.isArray(keys)) throw invalidInput("keys must be a list of {id, secret, previous?}.");
  return { kind: "keys", keys: keys.map(readKey) };
}

function readKey(value: unknown): VerificationKey {
  const fields = recordOf(value);
  const id = textField(fields, "id");
  const secret = textField(fields, "secret");
  if (id === undefined || secret === undefined) throw invalidInput("Each of keys needs an id and a secret.");
  return { id, secret, ...(fields.previous === true && { previous: true }) };
}

function bodyMissing(): never {
  throw invalidInput("The body is missing: pass body as text, or bodyBase64 where no byte may change.");
}

function readBody(argument: Fields): Uint8Array {
  const { body, bodyBase64 } = argument;
  if (typeof bodyBase64 === "string") return decodeBase64(bodyBase64, "bodyBase64");
  if (typeof body === "string") return new TextEncoder().encode(body);
  if (body === undefined && bodyBase64 === undefined) bodyMissing();
  throw invalidInput("body and bodyBase64 must be texts.");
}

function readStored(argument: Fields): Verification["stored"] {
  const { storedBodyBase64 } = argument;
  if (storedBodyBase64 !== undefined) {
    if (typeof storedBodyBase64 !== "string") throw invalidInput("storedBodyBase64 must be a text.");
    return { body: decodeBase64(storedBodyBase64, "storedBodyBase64") };
  }
  const deliveryId = textField(argument, "deliveryId");
  return deliveryId === undefined ? undefined : { deliveryId };
}

function readMessage(argument: Fields): { readonly headers: HeaderList; readonly body: Uint8Array } {
  const { request, headers } = argument;
  if (typeof request === "string") {
    const read = readRequest(request);
    // An empty body in its place would be found to be the fault.
    return { headers: read.headers, body: read.body ?? bodyMissing() };
  }
  if (headers === undefined) throw invalidInput("Pass headers and body, or the whole request as text.");
  return { headers: readHeaders(headers), body: readBody(argument) };
}

/** Checks a request's signature and says why it doesn't match. For a person the panel shows it. */
export function verifySignatureCommand(services: Services): Command<Verification, Verdict> {
  return {
    id: "pacspace.verifySignature",
    read: (argument) => {
      const now = numberField(argument, "now");
      if (now === undefined && argument.now !== undefined) throw invalidInput("now must be a number of Unix seconds.");
      const computed = textField(argument, "computed");
      const stored = readStored(argument);
      return {
        ...readMessage(argument),
        keys: readKeys(argument),
        ...(now !== undefined && { now }),
        ...(computed !== undefined && { computed }),
        ...(stored !== undefined && { stored }),
      };
    },
    ask: async (nodes) => {
      await verifyByPerson(services, nodes);
      return undefined;
    },
    run: async ({ headers, body, keys, now, computed, stored }, task) =>
      (await services.signatures()).check({ headers, body, keys, now, computed, stored }, task),
  };
}
