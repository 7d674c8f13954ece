import { eventTypes, sampleTemplate } from "./catalogue";

function fieldSchema(value: unknown, documented: boolean): object {
  // A shape that is not published is shown, and not enforced.
  return { ...(documented && { type: typeof value }), default: value, examples: [value] };
}

function dataSchema(name: string, documented: boolean, description: string): object {
  const { data } = sampleTemplate(name);
  const fields = Object.entries(data).map(([field, value]) => [field, fieldSchema(value, documented)] as const);
  return {
    type: "object",
    description: documented
      ? description
      : `${description} The shape of its data is not published: these fields are made up.`,
    properties: Object.fromEntries(fields),
    default: data,
    defaultSnippets: [{ label: name, body: data }],
  };
}

/**
 * The JSON schema (draft 7, with VS Code's own additions) of a sample's file: the event names of the catalogue, and for
 * each the fields of its data. What PacSpace might send beside is allowed.
 */
export function sampleSchema(): object {
  const names = eventTypes.map(({ name }) => name);
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "A sample of a PacSpace event",
    description:
      "The payload to send, byte for byte. {{now}}, {{unix}} and {{hex:N}} become a time, Unix seconds and N hex digits.",
    type: "object",
    required: ["event", "timestamp", "data"],
    defaultSnippets: eventTypes.map(({ name, title }) => ({
      label: name,
      description: title,
      body: sampleTemplate(name),
    })),
    properties: {
      event: {
        type: "string",
        description: "The event's type: it goes into X-Webhook-Event, too.",
        anyOf: [
          { enum: names, enumDescriptions: eventTypes.map(({ description }) => description) },
          { pattern: "^[!-~]{1,200}$" },
        ],
      },
      timestamp: {
        type: "string",
        description: "When it happened, ISO 8601. {{now}} is the moment of sending.",
        default: "{{now}}",
        examples: ["{{now}}"],
      },
      data: { type: "object" },
    },
    allOf: eventTypes.map(({ name, documented, description }) => ({
      if: { required: ["event"], properties: { event: { const: name } } },
      then: { properties: { data: dataSchema(name, documented, description) } },
    })),
  };
}
