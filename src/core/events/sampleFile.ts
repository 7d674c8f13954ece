import { invalidInput } from "../errors";
import { recordOf, textOf } from "../model/fields";

/** A payload that is larger is a mistake: PacSpace's own have some hundred bytes. */
export const mostSampleBytes = 10_000_000;

/** Where a workspace keeps its samples, from its root. */
export const samplesFolder = ".pacspace/events";

/**
 * Reads which event a sample is of. The sample is the payload itself, placeholders in it: nothing else is read of it.
 * @param bytes the file's
 * @param name the file's, for the error's sentence
 * @throws PacSpaceError `invalid` for one that is too large, no JSON object, or tells no event
 */
export function sampleEvent(bytes: Uint8Array, name: string): string {
  if (bytes.length > mostSampleBytes) {
    throw invalidInput(`${name} has ${Math.ceil(bytes.length / 1e6)} MB. A sample may have 10 MB at most.`);
  }
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    throw invalidInput(
      `${name} is no JSON. An editor marks where it goes wrong; it must be UTF-8 without a byte-order mark.`,
    );
  }
  const fields = recordOf(value);
  const event = Object.hasOwn(fields, "event") ? textOf(fields.event) : undefined;
  if (event === undefined || !/^[\x21-\x7e]{1,200}$/.test(event)) {
    throw invalidInput(
      `${name} tells no event. A sample is the payload to send: {"event": "delta.verified", "timestamp": "{{now}}", "data": {…}}.`,
    );
  }
  return event;
}

/**
 * Reads a name for a new sample.
 * @param text as typed, with or without `.json`
 * @returns the file's name
 * @throws PacSpaceError `invalid` for what can't name a file on every system
 */
export function sampleFileName(text: string): string {
  const name = text.trim().replace(/\.json$/i, "");
  if (!/^(?!\.)[\w.-]{1,80}(?<!\.)$/.test(name)) {
    throw invalidInput(
      "A sample's name has letters, digits, “-”, “_” and “.” only, 80 at most, for example delta-negative.",
    );
  }
  return `${name}.json`;
}
