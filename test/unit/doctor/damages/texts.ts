/** A damage of a text: turns the right one into the damaged one. */
export type TextDamage = readonly [id: string, apply: (text: string) => string];

/** Of a signature, `v1=` included. */
export const signatureDamages: readonly TextDamage[] = [
  ["signature.prefix", (text) => text.slice(3)],
  ["signature.prefix", (text) => text.replace("v1=", "sha256=")],
  ["signature.prefix", (text) => text.replace("v1=", "v1:")],
  ["signature.case", (text) => `v1=${text.slice(3).toUpperCase()}`],
  ["signature.encoding", (text) => `v1=${Buffer.from(text.slice(3), "hex").toString("base64")}`],
  ["signature.encoding", (text) => `v1=${Buffer.from(text.slice(3), "hex").toString("base64url")}`],
  ["signature.decorated", (text) => `"${text}"`],
  ["signature.decorated", (text) => `['${text}']`],
  ["signature.truncated", (text) => text.slice(0, 3 + 16)],
  ["signature.multiple", (text) => `v1=${"0".repeat(64)},${text}`],
];

export const timestampDamages: readonly TextDamage[] = [
  ["timestamp.unit", (text) => `${text}000`],
  ["timestamp.format", (text) => new Date(Number(text) * 1000).toISOString()],
  ["timestamp.format", (text) => new Date(Number(text) * 1000).toUTCString()],
  ["timestamp.format", (text) => `${text}.0`],
  ["timestamp.format", (text) => `"${text}"`],
  ["timestamp.format", (text) => `000${text}`],
];

export const keyDamages: readonly TextDamage[] = [
  ["secret.whitespace", (key) => `${key}\n`],
  ["secret.whitespace", (key) => ` ${key}`],
  ["secret.quoted", (key) => `"${key}"`],
  ["secret.quoted", (key) => `'${key}'`],
  ["secret.prefix", (key) => key.slice(6)],
  ["secret.prefix", (key) => `whsec_${key}`],
  ["secret.encoding", (key) => Buffer.from(key).toString("base64")],
  ["secret.encoding", (key) => Buffer.from(key).toString("hex")],
  ["secret.escaped", (key) => key.replaceAll(/[^A-Za-z0-9]/g, (char) => `%${char.charCodeAt(0).toString(16)}`)],
  ["secret.escaped", (key) => key.replaceAll(/[^A-Za-z0-9]/g, (char) => `&#${char.charCodeAt(0)};`)],
  ["secret.escaped", (key) => key.replaceAll(/[^A-Za-z0-9]/g, (char) => `\\u00${char.charCodeAt(0).toString(16)}`)],
  ["secret.wrapped", (key) => `{"PACSPACE_WEBHOOK_SECRET":"${key}"}`],
  ["secret.wrapped", (key) => `${key};`],
];
