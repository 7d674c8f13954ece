import type { DoctorCause } from "./cause";
import { wholeSecret } from "./mending/secret";
import { quotes, secretPrefix, variableName } from "./secretCauses";

/** What people put in a secret's place, told by its form. */
const mistakenFor: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/^(?:pk|sk|rk)_(?:live|test)_/i, "an API key"],
  [/^[ps]k_/i, "an API key"],
  [/^(?:webhook|wh)_/, "a webhook's id"],
  [/^evt_/, "a delivery's id"],
  [/^(?:rec|cust|tenant|acc|org)_/, "an id of something else"],
  [/^v1=|^[0-9a-f]{64}$/i, "a signature"],
  [/^(?:op|vault):\/\/|^arn:aws[\w-]*:(?:secretsmanager|ssm):|^projects\/[^/]+\/secrets\//i, "a reference to a secret"],
  [/^https?:\/\//i, "an address"],
  [/^eyJ[\w-]+\.[\w-]+\./, "a session token"],
  [
    /^whsec_$|^whsec_\w*?x{4,}$|[*•…]{3}|\.\.\.$|^<.*>$|^\$\{?\w+\}?$|^(?:your|my)[-_ ]/i,
    "a placeholder or a masked secret",
  ],
];

/** What a variable of the environment comes to when it is not set, or not put in. */
const absentKeys = [
  ...["", "undefined", "null", "None", "nil", "false", secretPrefix],
  ...[variableName, `$${variableName}`, `\${${variableName}}`, `%${variableName}%`],
];

export const notASecret: DoctorCause = {
  id: "secret.notASecret",
  loses: "the secret itself",
  suspect: ({ keys }) => {
    const mistaken = keys.map(({ secret }) => mistakenSecret(secret));
    const first = mistaken.find((name) => name !== undefined);
    const isIt = mistaken[0] !== undefined || mistaken.every((name) => name !== undefined);
    return Promise.resolve(
      first !== undefined && isIt
        ? { certainty: "likely", detail: `What was given as the secret looks like ${first}.` }
        : undefined,
    );
  },
  decidedBy: "The webhook's own secret. It begins with whsec_ and was shown when the webhook was created.",
  *handlerKeys() {
    for (const value of absentKeys) {
      yield { value, note: value === "" ? "an empty secret" : `the text ${value} in place of the secret` };
    }
  },
  happened: "What was given as the secret is something else by its form",
  inHandler: "The handler does not have the secret",
  change: "Use the webhook's own secret: it begins with whsec_ and is shown once, when the webhook is created.",
  mending: wholeSecret,
};

/**
 * What a text may be that was given as a secret but does not look like one.
 * @returns words for a person; undefined for what may be a secret
 */
function mistakenSecret(key: string): string | undefined {
  const text = key.trim().replaceAll(quotes, "");
  return mistakenFor.find(([pattern]) => pattern.test(text))?.[1];
}
