import type { Mending } from "../../model/diagnosis";

const node = `const secret = process.env.PACSPACE_WEBHOOK_SECRET.trim(); // whsec_…, whole, no quotes, not decoded
const hmac = createHmac("sha256", secret);`;

const python = `secret = os.environ["PACSPACE_WEBHOOK_SECRET"].strip()  # whsec_…, whole, no quotes, not decoded
mac = hmac.new(secret.encode("utf-8"), signed, hashlib.sha256)`;

/** The key is the secret's whole text as UTF-8. */
export const wholeSecret: Mending = {
  express: node,
  fastify: node,
  nextjs: node,
  hono: node,
  flask: python,
  fastapi: python,
  django: python,
  go: `secret := strings.TrimSpace(os.Getenv("PACSPACE_WEBHOOK_SECRET")) // whsec_…, whole, not decoded
mac := hmac.New(sha256.New, []byte(secret))`,
  spring: `@Value("\${pacspace.webhook-secret}") String secret; // whsec_…, whole, not decoded
mac.init(new SecretKeySpec(secret.strip().getBytes(StandardCharsets.UTF_8), "HmacSHA256"));`,
  rails: `secret = ENV.fetch("PACSPACE_WEBHOOK_SECRET").strip # whsec_…, whole, not decoded
expected = OpenSSL::HMAC.hexdigest("SHA256", secret, signed)`,
  laravel: `$secret = trim(config('services.pacspace.webhook_secret')); // whsec_…, whole, not decoded
$expected = hash_hmac('sha256', $signed, $secret);`,
  aspnet: `var secret = configuration["PacSpace:WebhookSecret"]!.Trim(); // whsec_…, whole, not decoded
using var hmac = new HMACSHA256(Encoding.UTF8.GetBytes(secret));`,
};
