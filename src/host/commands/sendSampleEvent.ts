import * as vscode from "vscode";
import { invalidInput } from "../../core/errors";
import { samplePayload } from "../../core/events/catalogue";
import { textField, type Fields } from "../../core/model/fields";
import { answered, answerText, type Answered } from "../../send/answerText";
import { sampleBody, signedEvent } from "../../send/signedEvent";
import { readTargetUrl } from "../../send/targetUrl";
import { secretOf, type KeyChoice } from "../platform/keyChoice";
import { readSample } from "../sending/sampleFiles";
import type { Services } from "../services";
import type { TreeNode } from "../tree/nodes";
import type { Announcement, Command } from "./command";
import { readKey, requiredText, requireLoopback } from "./prompts";
import { askSample, type SampleChoice } from "./samplePicker";

interface Input {
  readonly sample: SampleChoice;
  readonly url: string;
  /** Undefined: the throw-away one. */
  readonly key: KeyChoice | undefined;
}

/** What a person can be shown of an answer. */
interface Shown {
  readonly event: string;
  readonly text: string;
  readonly isThrowAway: boolean;
}

function readSampleChoice(argument: Fields): SampleChoice {
  const file = textField(argument, "file");
  if (file !== undefined) return { kind: "file", uri: vscode.Uri.parse(file, true) };
  const event = requiredText(argument, "event", "the event's type, for example delta.verified");
  const { body } = argument;
  if (body === undefined) return { kind: "event", event };
  if (typeof body === "string") return { kind: "body", event, body };
  throw invalidInput("body must be a string: the payload's text, which is sent as it is.");
}

async function eventOf(sample: SampleChoice, now: Date): Promise<{ event: string; body: Uint8Array }> {
  if (sample.kind === "file") {
    const { event, payload } = await readSample(sample.uri);
    return { event, body: sampleBody(payload, now) };
  }
  const { event } = sample;
  const text = sample.kind === "body" ? sample.body : JSON.stringify(samplePayload(event, { now }));
  return { event, body: new TextEncoder().encode(text) };
}

async function ask(
  services: Services,
  nodes: readonly TreeNode[],
  files: readonly vscode.Uri[],
): Promise<Input | undefined> {
  const { targets } = await services.sending();
  const title = vscode.l10n.t("Send Sample Event");
  const [file] = files;
  const sample: SampleChoice | undefined =
    file === undefined ? await askSample(title, targets.recent("events")) : { kind: "file", uri: file };
  if (sample === undefined) return undefined;
  const webhook = nodes.find((node) => node.kind === "webhook");
  const what = vscode.l10n.t("the sample event");
  const url = webhook?.webhook.url ?? (await targets.askUrl(title, what));
  if (url === undefined || !(await targets.consent(url, what))) return undefined;
  const key = webhook?.hasSecret === true ? { webhookId: webhook.webhook.id } : await targets.askKey(title);
  return key && { sample, url, key };
}

/** Sends a signed sample of an event to a handler, and tells what it answered. */
export function sendSampleEventCommand(services: Services): Command<Input, Answered> {
  const shown = new WeakMap<Answered, Shown>();

  async function showAnswer({ event, text }: Shown): Promise<void> {
    await (await services.sending()).answers.show(event, text);
  }

  return {
    id: "pacspace.sendSampleEvent",
    single: true,
    progress: { place: "notification", title: vscode.l10n.t("Sending the sample event…") },
    read: (argument) => {
      const url = readTargetUrl(requiredText(argument, "url", "where your handler runs"), "url").href;
      requireLoopback(argument, url, "the sample event");
      const isNamed = argument.secret !== undefined || argument.webhookId !== undefined;
      return { sample: readSampleChoice(argument), url, key: isNamed ? readKey(argument) : undefined };
    },
    ask: (nodes, files) => ask(services, nodes, files),
    run: async ({ sample, url, key }, { signal }) => {
      const sending = await services.sending();
      const secret = key === undefined ? sending.targets.throwAway : await secretOf(services.account(), key);
      const sentAt = new Date();
      const { event, body } = await eventOf(sample, sentAt);
      const answer = await sending.send({ url, ...signedEvent(event, body, secret, sentAt) }, signal);
      await sending.targets.remember("events", event);
      const result = answered(answer, secret);
      const text = answerText(answer, { what: event, url, sentAt, notes: [], secret });
      shown.set(result, { event, text, isThrowAway: secret === sending.targets.throwAway });
      return result;
    },
    announce: (result, { sample }) => {
      const answer = shown.get(result);
      if (answer === undefined) return undefined;
      // Beside an editor that holds the sample, its answer is what one looks for next.
      if (sample.kind === "file") void showAnswer(answer);
      return announcement(result, answer, () => showAnswer(answer), copyThrowAway);
    },
  };

  async function copyThrowAway(): Promise<void> {
    await vscode.env.clipboard.writeText((await services.sending()).targets.throwAway);
  }
}

function announcement(
  { durationMs, status }: Answered,
  { event, isThrowAway }: Shown,
  show: () => unknown,
  copySecret: () => unknown,
): Announcement {
  const words = vscode.l10n.t("{0}: your handler answered {1} in {2} ms.", event, status, Math.round(durationMs));
  const note = vscode.l10n.t(
    "It was signed with a throw-away secret, which your handler can verify only when you give it that secret.",
  );
  return {
    severity: status >= 200 && status < 300 ? "information" : "warning",
    message: isThrowAway ? `${words} ${note}` : words,
    choices: [
      { label: vscode.l10n.t("Show Answer"), run: show },
      ...(isThrowAway ? [{ label: vscode.l10n.t("Copy Secret"), run: copySecret }] : []),
    ],
  };
}
