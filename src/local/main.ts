import { parseArgs } from "node:util";
import { demoAccount, mfaAccount } from "./demoAccount";
import { startLocalPacSpace, type LocalOptions, type LocalPacSpace } from "./server";

const usage = `Local PacSpace: the PacSpace dashboard API on this machine.

  npm run local -- [--port 4400] [--data DIR] [--seed demo|empty] [--map ORIGIN=ORIGIN]...

  --port   where it listens on 127.0.0.1 (4400; 0 is any free port)
  --data   the directory that keeps its state (.local-pacspace)
  --seed   what a new account holds: demo (webhooks and 500 deliveries) or empty
  --map    deliver what is meant for the first origin to the second, which must be on this machine:
           --map https://example.com=http://127.0.0.1:3000
`;

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** As a child of the extension: one message starts it, and it ends with the channel. */
function serveParent(send: (message: object) => void): void {
  let started: Promise<LocalPacSpace> | undefined;
  process.on("disconnect", () => {
    void Promise.resolve(started)
      .then((local) => local?.close())
      .finally(() => process.exit(0));
  });
  process.on("message", (message: { readonly type?: string; readonly options?: LocalOptions }) => {
    if (message.type !== "start" || started !== undefined) return;
    started = startLocalPacSpace(message.options);
    started.then(
      ({ baseUrl, port, seededSecrets }) => send({ type: "started", baseUrl, port, seededSecrets }),
      (error: unknown) => {
        send({ type: "failed", message: messageOf(error), code: (error as NodeJS.ErrnoException).code });
        process.disconnect();
      },
    );
  });
}

function readArguments(): LocalOptions | "help" {
  const { values } = parseArgs({
    options: {
      port: { type: "string", default: "4400" },
      data: { type: "string", default: ".local-pacspace" },
      seed: { type: "string", default: "demo" },
      map: { type: "string", multiple: true, default: [] },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return "help";
  if (!/^\d{1,5}$/.test(values.port) || Number(values.port) > 65_535)
    throw new Error("--port takes a number from 0 to 65535.");
  if (values.seed !== "demo" && values.seed !== "empty") throw new Error("--seed takes demo or empty.");
  const endpoints = Object.fromEntries(values.map.map(readMapping));
  return { port: Number(values.port), dataDir: values.data, seed: values.seed, endpoints };
}

function readMapping(text: string): [string, string] {
  const [from = "", to = "", rest] = text.split("=");
  if (rest !== undefined || !URL.canParse(from) || !URL.canParse(to)) {
    throw new Error(`--map takes two origins, as in https://example.com=http://127.0.0.1:3000, and not "${text}".`);
  }
  const { origin, hostname } = new URL(to);
  if (!/^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(hostname)) {
    throw new Error(`--map delivers to this machine only: ${hostname} must be localhost, 127.0.0.1 or [::1].`);
  }
  return [new URL(from).origin, origin];
}

async function serveAlone(): Promise<void> {
  const options = readArguments();
  if (options === "help") {
    console.log(usage);
    return;
  }
  const local = await startLocalPacSpace({ ...options, log: (line) => console.log(line) });
  const { baseUrl } = local;
  console.log(`Local PacSpace runs at ${baseUrl}; Ctrl-C stops it.

Sign in as ${demoAccount.email} with the password ${demoAccount.password}
       or as ${mfaAccount.email} with the same password and the code ${mfaAccount.code}

  curl -c cookies.txt -H 'Content-Type: application/json' \\
    -d '${JSON.stringify(demoAccount)}' ${baseUrl}/dashboard/auth/login
  curl -b cookies.txt ${baseUrl}/dashboard/webhooks
`);
  const stop = (): void => {
    void local.close().finally(() => process.exit(0));
  };
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
  process.once("SIGHUP", stop);
}

if (process.send === undefined) {
  serveAlone().catch((error: unknown) => {
    console.error(messageOf(error));
    process.exitCode = 1;
  });
} else {
  serveParent((message) => process.send?.(message));
}
