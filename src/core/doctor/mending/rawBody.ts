import type { Mending } from "../../model/diagnosis";

/** Sign the bytes that arrived, before anything parses them. */
export const rawBody: Mending = {
  express: `app.post("/webhooks/pacspace", express.raw({ type: "*/*", limit: "10mb" }), (req, res) => {
  const rawBody = req.body; // a Buffer; register this route before express.json()
  const event = JSON.parse(rawBody.toString("utf8")); // only after the check
});`,
  fastify: `fastify.removeAllContentTypeParsers();
fastify.addContentTypeParser("*", { parseAs: "buffer" }, (request, body, done) => done(null, body));
// in the handler: request.body is the Buffer to check`,
  nextjs: `// app/webhooks/pacspace/route.ts
export async function POST(request: Request) {
  const rawBody = Buffer.from(await request.arrayBuffer()); // not request.json()
}`,
  hono: `app.post("/webhooks/pacspace", async (c) => {
  const rawBody = Buffer.from(await c.req.arrayBuffer()); // not c.req.json()
});`,
  flask: `raw_body = request.get_data(cache=True)  # bytes; before request.json
event = json.loads(raw_body)            # only after the check`,
  fastapi: `@app.post("/webhooks/pacspace")
async def receive(request: Request):
    raw_body = await request.body()  # bytes; no pydantic model in the signature`,
  django: `@csrf_exempt
def receive(request):
    raw_body = request.body  # bytes; before request.POST is touched`,
  go: `rawBody, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 10<<20))
// check rawBody first, then json.Unmarshal(rawBody, &event)`,
  spring: `@PostMapping("/webhooks/pacspace")
ResponseEntity<Void> receive(@RequestBody byte[] rawBody, @RequestHeader HttpHeaders headers) { … }`,
  rails: `skip_forgery_protection # in the controller's class, unless it is an ActionController::API
raw_body = request.raw_post  # not params, not params.to_json
event = JSON.parse(raw_body) # only after the check`,
  laravel: `$rawBody = $request->getContent(); // not json_encode($request->all())
$event = json_decode($rawBody, true); // only after the check`,
  aspnet: `using var copy = new MemoryStream();
await Request.Body.CopyToAsync(copy); // no [FromBody] model on this action
byte[] rawBody = copy.ToArray();`,
};

/** Read the body once, before a parser consumes the stream, or let the parser keep the bytes. */
export const keepBytes: Mending = {
  ...rawBody,
  express: `app.use(express.json({ verify: (req, _res, bytes) => { req.rawBody = bytes; } }));
// in the handler: req.rawBody is the Buffer that arrived`,
  fastify: `fastify.addContentTypeParser("application/json", { parseAs: "buffer" }, (request, body, done) => {
  request.rawBody = body; // check this
  done(null, JSON.parse(body.toString("utf8")));
});`,
  nextjs: `const rawBody = Buffer.from(await request.arrayBuffer()); // first of all reads: a body can be read once
const event = JSON.parse(rawBody.toString("utf8"));
// pages/api: export const config = { api: { bodyParser: false } }, then collect the chunks of req`,
  go: `rawBody, err := io.ReadAll(r.Body)
r.Body = io.NopCloser(bytes.NewReader(rawBody)) // for whoever reads after you`,
  spring: `var kept = new ContentCachingRequestWrapper(request, 10_000_000); // in a OncePerRequestFilter, first of the chain
chain.doFilter(kept, response);
// once something has read the body: byte[] rawBody = kept.getContentAsByteArray();`,
  aspnet: `Request.EnableBuffering(); // before anything reads: with a [FromBody] model, in a middleware
Request.Body.Position = 0;
using var copy = new MemoryStream();
await Request.Body.CopyToAsync(copy);
byte[] rawBody = copy.ToArray();
Request.Body.Position = 0;`,
};

/** Let the whole body in: what is over a limit is refused, or cut by what stands in front. */
export const wholeBody: Mending = {
  express: `app.post("/webhooks/pacspace", express.raw({ type: "*/*", limit: "10mb" }), receive); // 100kb by default
// nginx in front: client_max_body_size 10m;`,
  fastify: `const fastify = Fastify({ bodyLimit: 10 * 1024 * 1024 }); // 1 MiB by default
// nginx in front: client_max_body_size 10m;`,
  nextjs: `// A route handler has no limit of its own; the platform in front may.
// pages/api: export const config = { api: { bodyParser: false } }, then collect all chunks of req`,
  hono: `app.use("/webhooks/*", bodyLimit({ maxSize: 10 * 1024 * 1024 })); // from "hono/body-limit"
// nginx in front: client_max_body_size 10m;`,
  flask: `app.config["MAX_CONTENT_LENGTH"] = 10 * 1024 * 1024  # answers 413 above it, cuts nothing
# nginx in front: client_max_body_size 10m;`,
  fastapi: `raw_body = await request.body()  # waits for all of it; request.stream() gives pieces
# nginx in front: client_max_body_size 10m;`,
  django: `DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024  # in settings.py; 2.5 MB by default
# nginx in front: client_max_body_size 10m;`,
  go: `rawBody, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 10<<20)) // never one r.Body.Read: it gives a piece
if err != nil { http.Error(w, "incomplete", http.StatusBadRequest); return }`,
  spring: `// @RequestBody byte[] has all of it. In front: nginx's client_max_body_size 10m;
// with WebFlux, application.properties: spring.http.codecs.max-in-memory-size=10MB (256KB by default;
// before Boot 3.5: spring.codec.max-in-memory-size)`,
  rails: `raw_body = request.raw_post # all of it; request.body.read(n) gives a piece
# nginx in front: client_max_body_size 10m;`,
  laravel: `; php.ini: more than this is dropped without an error
post_max_size = 10M
; nginx in front: client_max_body_size 10m;`,
  aspnet: `[RequestSizeLimit(50 * 1024 * 1024)] // on the action, to let in more than the 30,000,000 bytes of the default
// then Request.Body.CopyToAsync: one ReadAsync gives a piece`,
};

/** Undo what a gateway did to the body before the check. */
export const decodedBody: Mending = {
  express: `const rawBody = event.isBase64Encoded ? Buffer.from(event.body, "base64") : Buffer.from(event.body, "utf8");
// gzip: express.raw({ type: "*/*", inflate: true }) or zlib.gunzipSync(rawBody)`,
  fastify: `const rawBody = zlib.gunzipSync(request.body); // or Buffer.from(String(request.body), "base64")`,
  nextjs: `const received = Buffer.from(await request.arrayBuffer());
const rawBody = zlib.gunzipSync(received); // or Buffer.from(received.toString("latin1"), "base64")`,
  hono: `const received = Buffer.from(await c.req.arrayBuffer());
const rawBody = zlib.gunzipSync(received); // or Buffer.from(received.toString("latin1"), "base64")`,
  flask: `raw_body = gzip.decompress(request.get_data())  # or base64.b64decode(request.get_data())`,
  fastapi: `raw_body = gzip.decompress(await request.body())  # or base64.b64decode(await request.body())`,
  django: `raw_body = gzip.decompress(request.body)  # or base64.b64decode(request.body)`,
  go: `zr, err := gzip.NewReader(r.Body) // or base64.NewDecoder(base64.StdEncoding, r.Body)
rawBody, err := io.ReadAll(zr)`,
  spring: `byte[] rawBody = new GZIPInputStream(new ByteArrayInputStream(received)).readAllBytes(); // or Base64.getDecoder().decode(received)`,
  rails: `raw_body = Zlib.gunzip(request.raw_post) # or Base64.strict_decode64(request.raw_post)`,
  laravel: `$rawBody = gzdecode($request->getContent()); // or base64_decode($request->getContent(), true)`,
  aspnet: `builder.Services.AddRequestDecompression(); // before builder.Build()
app.UseRequestDecompression(); // or: byte[] rawBody = Convert.FromBase64String(text);`,
};
