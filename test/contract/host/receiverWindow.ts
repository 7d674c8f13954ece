import { ReceiverProcess } from "../../../src/host/receiver/receiverProcess";

interface Argument {
  readonly script: string;
  readonly directory: string;
}

/** A window whose receiver listens until the window is killed. Tells its URL. */
async function main({ directory, script }: Argument): Promise<void> {
  const receiver = await ReceiverProcess.open({
    script,
    directory,
    settings: () => ({
      allowedHosts: [],
      toleranceSeconds: 300,
      forwardTimeoutMs: 1_000,
      limits: { captures: 1_000, bytes: 1e8 },
    }),
    keys: () => Promise.resolve([]),
    log: () => undefined,
    brokeDown: () => process.exit(1),
  });
  process.send?.((await receiver.listen(0, undefined)).url);
}

void main(JSON.parse(process.argv[2] ?? "{}") as Argument);
