import type { Mending } from "../../model/diagnosis";

const compareInNode = `const wanted = Buffer.from("v1=" + hmac.digest("hex"));
const genuine = header.split(",").some((part) => {
  const given = Buffer.from(part.trim());
  return given.length === wanted.length && timingSafeEqual(given, wanted);
});`;

const comparePython = `wanted = ("v1=" + mac.hexdigest()).encode()
values = [part.strip().encode() for part in header.split(",")]  # bytes: compare_digest takes no é in a str
genuine = any(hmac.compare_digest(value, wanted) for value in values)`;

/** Compare with each value of the header: lower-case hex behind `v1=`. */
export const compareEachValue: Mending = {
  express: compareInNode,
  fastify: compareInNode,
  nextjs: compareInNode,
  hono: compareInNode,
  flask: comparePython,
  fastapi: comparePython,
  django: comparePython,
  go: `wanted := "v1=" + hex.EncodeToString(mac.Sum(nil))
for _, value := range strings.Split(header, ",") {
	if hmac.Equal([]byte(strings.TrimSpace(value)), []byte(wanted)) { genuine = true }
}`,
  spring: `byte[] wanted = ("v1=" + HexFormat.of().formatHex(digest)).getBytes(StandardCharsets.US_ASCII);
boolean genuine = Arrays.stream(header.split(","))
    .anyMatch(value -> MessageDigest.isEqual(value.strip().getBytes(StandardCharsets.US_ASCII), wanted));`,
  rails: `wanted = "v1=#{expected}"
genuine = header.split(",").any? { |value| ActiveSupport::SecurityUtils.secure_compare(value.strip, wanted) }`,
  laravel: `$wanted = 'v1='.$expected;
$genuine = collect(explode(',', $header))->contains(fn ($value) => hash_equals($wanted, trim($value)));`,
  aspnet: `var wanted = Encoding.ASCII.GetBytes("v1=" + Convert.ToHexString(digest).ToLowerInvariant());
var genuine = header.Split(',').Any(value =>
    CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(value.Trim()), wanted));`,
};

/** Read both headers by their own names; a proxy in front must pass them on. */
export const readHeader: Mending = {
  express: `const header = req.get("X-PacSpace-Signature");
const timestamp = req.get("X-PacSpace-Timestamp");`,
  fastify: `const header = request.headers["x-pacspace-signature"];
const timestamp = request.headers["x-pacspace-timestamp"];`,
  nextjs: `const header = request.headers.get("x-pacspace-signature");
const timestamp = request.headers.get("x-pacspace-timestamp");`,
  hono: `const header = c.req.header("X-PacSpace-Signature");
const timestamp = c.req.header("X-PacSpace-Timestamp");`,
  flask: `header = request.headers["X-PacSpace-Signature"]
timestamp = request.headers["X-PacSpace-Timestamp"]`,
  fastapi: `header = request.headers["x-pacspace-signature"]
timestamp = request.headers["x-pacspace-timestamp"]`,
  django: `header = request.headers["X-PacSpace-Signature"]  # HTTP_X_PACSPACE_SIGNATURE in request.META
timestamp = request.headers["X-PacSpace-Timestamp"]`,
  go: `header := r.Header.Get("X-PacSpace-Signature")
timestamp := r.Header.Get("X-PacSpace-Timestamp")`,
  spring: `String header = Objects.toString(headers.getFirst("X-PacSpace-Signature"), "");
String timestamp = Objects.toString(headers.getFirst("X-PacSpace-Timestamp"), "");`,
  rails: `header = request.headers["X-PacSpace-Signature"].to_s
timestamp = request.headers["X-PacSpace-Timestamp"].to_s`,
  laravel: `$header = $request->header('X-PacSpace-Signature');
$timestamp = $request->header('X-PacSpace-Timestamp');`,
  aspnet: `var header = Request.Headers["X-PacSpace-Signature"].ToString();
var timestamp = Request.Headers["X-PacSpace-Timestamp"].ToString();`,
};
