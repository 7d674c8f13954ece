import { createServer } from "node:net";

/** Below what a system gives to whoever asks for any port: nobody else takes it meanwhile by chance. */
const [least, most] = [20_000, 30_000];

/** A port of this machine at which nothing listens, for a program that is to be started. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = least + Math.floor(Math.random() * (most - least));
    const server = createServer();
    const isFree = await new Promise<boolean>((resolve) => {
      server.on("error", () => resolve(false));
      server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
    });
    if (isFree) return port;
  }
}
