import { generateKeyPairSync, randomBytes, sign } from "node:crypto";

/** One DER element (X.690): tag, length, content. */
function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const head = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...head]), content]);
}

const sequence = (...parts: readonly Uint8Array[]): Buffer => der(0x30, ...parts);
const utcTime = (date: Date): Buffer =>
  der(0x17, Buffer.from(`${date.toISOString().replace(/[-:T]/g, "").slice(2, 14)}Z`));
const oid = (hex: string): Buffer => der(0x06, Buffer.from(hex, "hex"));
const commonName = "550403";
const basicConstraints = "551d13";
const subjectAltName = "551d11";
const ecdsaWithSha256 = "2a8648ce3d040302";

/** A certificate and its key, PEM, made for one test run: none lies in the repository. */
export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

/** Who signs: the name in the certificate of the issuer, and its key. */
export interface Authority extends Certificate {
  readonly name: string;
}

interface Wish {
  readonly name: string;
  readonly ip?: string;
  readonly dns?: string;
  readonly isAuthority?: boolean;
  readonly notAfter?: Date;
  /** Itself, when absent. */
  readonly issuer?: Authority;
}

const nameOf = (text: string): Buffer => sequence(der(0x31, sequence(oid(commonName), der(0x0c, Buffer.from(text)))));

function certificate({ name, ip, dns, isAuthority = true, issuer, ...wish }: Wish): Authority {
  const notAfter = wish.notAfter ?? new Date(Date.now() + 86_400_000);
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const algorithm = sequence(oid(ecdsaWithSha256));
  const serial = der(0x02, Buffer.from([0x01]), randomBytes(8));
  const names = [
    ...(ip === undefined ? [] : [der(0x87, Buffer.from(ip.split(".").map(Number)))]),
    ...(dns === undefined ? [] : [der(0x82, Buffer.from(dns))]),
  ];
  const extensions = sequence(
    sequence(
      oid(basicConstraints),
      der(0x01, Buffer.from([0xff])),
      der(0x04, isAuthority ? sequence(der(0x01, Buffer.from([0xff]))) : sequence()),
    ),
    ...(names.length === 0 ? [] : [sequence(oid(subjectAltName), der(0x04, sequence(...names)))]),
  );
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    serial,
    algorithm,
    nameOf(issuer?.name ?? name),
    sequence(utcTime(new Date(notAfter.getTime() - 172_800_000)), utcTime(notAfter)),
    nameOf(name),
    publicKey.export({ type: "spki", format: "der" }),
    der(0xa3, extensions),
  );
  const signature = sign("sha256", body, issuer?.key ?? privateKey);
  const bytes = sequence(body, algorithm, der(0x03, Buffer.from([0]), signature));
  const lines = bytes.toString("base64").match(/.{1,64}/g) ?? [];
  return {
    name,
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`,
  };
}

/** A self-signed certificate of a server at an address. */
export function selfSigned({
  ip = "127.0.0.1",
  notAfter,
}: { readonly ip?: string; readonly notAfter?: Date } = {}): Certificate {
  const { key, cert } = certificate({ name: "Test server", ip, ...(notAfter && { notAfter }) });
  return { key, cert };
}

/** An authority of an organisation's own; two of one name can't be told apart by who trusts both. */
export function authority(name = "Test authority"): Authority {
  return certificate({ name });
}

/** A server's certificate by such an authority, for a name and for 127.0.0.1. */
export function issuedBy(issuer: Authority, dns: string): Certificate {
  const { key, cert } = certificate({ name: dns, ip: "127.0.0.1", dns, isAuthority: false, issuer });
  return { key, cert };
}
