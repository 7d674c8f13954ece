import type { Mending } from "../../model/diagnosis";

const node = `// timestamp: the header's own text; rawBody: the Buffer that arrived
const expected = createHmac("sha256", secret).update(\`\${timestamp}.\`).update(rawBody).digest("hex");`;
const python = `# timestamp: the header's own text; raw_body: the bytes that arrived
signed = timestamp.encode("ascii") + b"." + raw_body
expected = hmac.new(secret.encode("utf-8"), signed, hashlib.sha256).hexdigest()`;

/** What is signed: the timestamp header's text, a full stop, the raw body. */
export const signedContent: Mending = {
  express: node,
  fastify: node,
  nextjs: node,
  hono: node,
  flask: python,
  fastapi: python,
  django: python,
  go: `mac := hmac.New(sha256.New, []byte(secret))
io.WriteString(mac, timestamp+".") // the header's own text
mac.Write(rawBody)`,
  spring: `mac.update((timestamp + ".").getBytes(StandardCharsets.US_ASCII)); // the header's own text
byte[] digest = mac.doFinal(rawBody);`,
  rails: `signed = "#{timestamp}.".b + raw_body.b # the header's own text
expected = OpenSSL::HMAC.hexdigest("SHA256", secret, signed)`,
  laravel: `$signed = $timestamp.'.'.$rawBody; // the header's own text
$expected = hash_hmac('sha256', $signed, $secret);`,
  aspnet: `byte[] signed = [.. Encoding.ASCII.GetBytes(timestamp + "."), .. rawBody]; // the header's own text
byte[] digest = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), signed);`,
};

const ageNode = `const age = Math.abs(Date.now() / 1000 - Number(timestamp)); // both in seconds
if (!(age <= 300)) return reject("too old or too new"); // keep the clock in step by NTP`;
const agePython = `age = abs(time.time() - int(timestamp)) if timestamp.isdecimal() else 301  # both in seconds
if age > 300: abort(401)  # keep the clock in step by NTP`;

/** How old a request may be; both clocks in Unix seconds. */
export const tolerance: Mending = {
  express: ageNode,
  fastify: ageNode,
  nextjs: ageNode,
  hono: ageNode,
  flask: agePython,
  fastapi: `age = abs(time.time() - int(timestamp)) if timestamp.isdecimal() else 301  # both in seconds
if age > 300: raise HTTPException(401)  # keep the clock in step by NTP`,
  django: `age = abs(time.time() - int(timestamp)) if timestamp.isdecimal() else 301  # both in seconds
if age > 300: return HttpResponse(status=401)  # keep the clock in step by NTP`,
  go: `sent, err := strconv.ParseInt(timestamp, 10, 64)
if age := time.Since(time.Unix(sent, 0)); err != nil || age.Abs() > 5*time.Minute { reject() }`,
  spring: `if (!timestamp.matches("[0-9]{1,10}")) return ResponseEntity.status(401).build();
var age = Duration.between(Instant.ofEpochSecond(Long.parseLong(timestamp)), Instant.now()).abs();
if (age.compareTo(Duration.ofMinutes(5)) > 0) return ResponseEntity.status(401).build();`,
  rails: `age = (Time.now.to_i - (Integer(timestamp, 10, exception: false) || 0)).abs # both in seconds
return head :unauthorized if age > 300`,
  laravel: `$age = abs(time() - (int) $timestamp); // both in seconds
abort_if($age > 300, 401);`,
  aspnet: `if (!long.TryParse(timestamp, out var sent)) return Unauthorized();
if (Math.Abs(DateTimeOffset.UtcNow.ToUnixTimeSeconds() - sent) > 300) return Unauthorized(); // both in seconds`,
};
