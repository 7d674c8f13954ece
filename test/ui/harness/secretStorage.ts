import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import type { Page } from "playwright-core";

/** Where VS Code in a browser keeps SecretStorage: one sealed text of the page's local storage. */
const ITEM = "secrets.provider";
const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** The key is made of two halves: one stands before the sealed text, the other one the server gives. */
async function keyOf(page: Page, half: Buffer): Promise<Buffer> {
  const other = await page.evaluate<number[]>(
    `fetch("/mint-key", { method: "POST" }).then(async (answer) => [...new Uint8Array(await answer.arrayBuffer())])`,
  );
  return Buffer.from(half.map((byte, index) => byte ^ (other[index] ?? 0)));
}

/**
 * Changes what lies in the browser's storage behind SecretStorage, as damage would. An open window doesn't see it: it
 * has read all when it came up.
 * @param change gets all entries, by `{"extensionId":…,"key":…}`, and gives those that shall be there
 */
export async function changeStoredSecrets(
  page: Page,
  change: (entries: ReadonlyMap<string, string>) => ReadonlyMap<string, string>,
): Promise<void> {
  const sealed = Buffer.from(await page.evaluate<string>(`localStorage.getItem(${JSON.stringify(ITEM)})`), "base64");
  const [half, iv] = [sealed.subarray(0, KEY_BYTES), sealed.subarray(KEY_BYTES, KEY_BYTES + IV_BYTES)];
  const key = await keyOf(page, half);
  const decipher = createDecipheriv("aes-256-gcm", key, iv).setAuthTag(sealed.subarray(-TAG_BYTES));
  const text = Buffer.concat([decipher.update(sealed.subarray(KEY_BYTES + IV_BYTES, -TAG_BYTES)), decipher.final()]);
  const entries = new Map(Object.entries(JSON.parse(text.toString()) as Record<string, string>));
  const changed = JSON.stringify(Object.fromEntries(change(entries)));
  const fresh = randomBytes(IV_BYTES);
  const cipher = createCipheriv("aes-256-gcm", key, fresh);
  const body = Buffer.concat([cipher.update(changed), cipher.final()]);
  const resealed = Buffer.concat([half, fresh, body, cipher.getAuthTag()]).toString("base64");
  await page.evaluate(`localStorage.setItem(${JSON.stringify(ITEM)}, ${JSON.stringify(resealed)})`);
}
