// Serves a route's functions as Next.js would: a web-standard Request in, a Response out, 405 for what has no function.
// node next.mjs <route file>
import { createServer } from "node:http";
import { Readable } from "node:stream";
import { pathToFileURL } from "node:url";

const route = await import(pathToFileURL(process.argv[2]).href);

async function answer(incoming) {
  const { method, url, headers } = incoming;
  const run = route[method];
  if (run === undefined) return new Response(null, { status: 405 });
  const body = method === "GET" ? {} : { body: Readable.toWeb(incoming), duplex: "half" };
  return run(new Request(new URL(url, `http://${headers.host}`), { method, headers, ...body }));
}

createServer((incoming, outgoing) => {
  answer(incoming).then(
    async (response) => {
      outgoing.writeHead(response.status, Object.fromEntries(response.headers));
      outgoing.end(Buffer.from(await response.arrayBuffer()));
    },
    (error) => {
      console.error(error);
      outgoing.writeHead(500).end();
    },
  );
}).listen(process.env.PORT, "127.0.0.1");
