// Prints each original again in the ways that JavaScript programs do: name, a tab, base64, one a line.
import { readFileSync } from "node:fs";

const ways = {
  "JSON.stringify": (value) => JSON.stringify(value),
  "JSON.stringify, 2": (value) => JSON.stringify(value, null, 2),
  "JSON.stringify, 4": (value) => JSON.stringify(value, null, 4),
  "JSON.stringify, tab": (value) => JSON.stringify(value, null, "\t"),
  "JSON.stringify, 2, and a newline": (value) => `${JSON.stringify(value, null, 2)}\n`,
  "JSON.stringify, 2, CRLF": (value) => JSON.stringify(value, null, 2).replaceAll("\n", "\r\n"),
  "JSON.stringify, escaped as Express escapes it": (value) =>
    JSON.stringify(value).replace(/[<>&]/g, (char) => `\\u00${char.charCodeAt(0).toString(16)}`),
  "JSON.stringify twice": (value) => JSON.stringify(JSON.stringify(value)),
};

for (const [name, text] of Object.entries(JSON.parse(readFileSync(process.argv[2], "utf8")))) {
  for (const [way, write] of Object.entries(ways)) {
    console.log(`${name}\tJavaScript ${way}\t${Buffer.from(write(JSON.parse(text))).toString("base64")}`);
  }
}
