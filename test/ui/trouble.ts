import type { Page } from "playwright-core";
import { demoAccount } from "../../src/local/demoAccount";
import { startLocalPacSpace } from "../../src/local/server";
import { signIn, startReceiver, type Client, type Receiver } from "../contract/local/support";
import { MisbehavingProxy } from "../misbehave/proxy";
import { clearNotifications, notification } from "./harness/messages";
import { answer, palette, pick } from "./harness/quickInput";
import { Session } from "./harness/session";
import { openSidebar } from "./stage";

/** A window that is signed in to a server that can be made to misbehave. */
export interface Trouble {
  readonly session: Session;
  readonly proxy: MisbehavingProxy;
  /** Takes what webhooks send. */
  readonly receiver: Receiver;
  /** A session of the test's own, that doesn't pass the proxy. */
  readonly direct: Client;
  /** The only window; a test that ends it puts the next one here. */
  page: Page;
}

const closing: (() => Promise<void>)[] = [];
let trouble: Promise<Trouble> | undefined;

async function start(): Promise<Trouble> {
  const local = await startLocalPacSpace({ seed: "empty" });
  closing.unshift(() => local.close());
  const proxy = await MisbehavingProxy.start(local.baseUrl);
  closing.unshift(() => proxy.close());
  const receiver = await startReceiver();
  closing.unshift(() => receiver.close());
  const session = await Session.start({ settings: { "pacspace.environments": { Trouble: proxy.baseUrl } } });
  closing.unshift(() => session.stop());
  const page = await session.openWindow();
  await openSidebar(page);
  await palette(page, "PacSpace: Switch Environment…");
  await pick(page, "Trouble");
  await palette(page, "PacSpace: Sign In…");
  await pick(page, "Email and password");
  await answer(page, "Email", demoAccount.email);
  await answer(page, "Password", demoAccount.password);
  await notification(page, "Signed in to Trouble.");
  await clearNotifications(page);
  return { session, proxy, receiver, direct: await signIn(local.baseUrl), page };
}

/** The one of the suite, started by the first test that needs it. */
export function theTrouble(): Promise<Trouble> {
  trouble ??= start();
  return trouble;
}

after(async () => {
  for (const close of closing) await close();
});
