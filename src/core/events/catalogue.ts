/** One type of event that PacSpace sends. */
export interface EventType {
  readonly name: string;
  /** A few words. */
  readonly title: string;
  /** A sentence. */
  readonly description: string;
  /** False for types that only older pages list. */
  readonly current: boolean;
  /** Whether the shape of its data is published (SDK types); other samples are made up to look plausible. */
  readonly documented: boolean;
}

export interface EventEnvelope {
  readonly event: string;
  /** ISO 8601. */
  readonly timestamp: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** The public catalogue (event types page), recent types first. */
export const eventTypes: readonly EventType[] = [
  {
    name: "delta.verified",
    title: "A usage record was verified",
    description: "A usage change was checked against its proof and stands.",
    current: true,
    documented: true,
  },
  {
    name: "delta.failed",
    title: "A usage record could not be verified",
    description: "A usage change could not be checked; the data says why.",
    current: true,
    documented: true,
  },
  {
    name: "checkpoint.verified",
    title: "A checkpoint was verified",
    description: "A checkpoint over many records was checked and stands.",
    current: true,
    documented: false,
  },
  {
    name: "receipt.generated",
    title: "A receipt was generated",
    description: "A receipt for a record is ready.",
    current: true,
    documented: false,
  },
  {
    name: "customer.created",
    title: "A customer was created",
    description: "A customer was added to the tenant.",
    current: true,
    documented: false,
  },
  {
    name: "customer.shared_record_viewed",
    title: "A customer viewed a shared record",
    description: "A customer opened a record that was shared with them.",
    current: true,
    documented: false,
  },
  {
    name: "customer.export_downloaded",
    title: "A customer downloaded an export",
    description: "A customer downloaded an export of their records.",
    current: true,
    documented: false,
  },
  {
    name: "customer.compare_run",
    title: "A customer ran a comparison",
    description: "A customer compared their own figures with the records.",
    current: true,
    documented: false,
  },
  {
    name: "customer.step_up_failed_repeatedly",
    title: "A customer failed to step up, repeatedly",
    description: "A customer failed the extra identity check several times in a row.",
    current: true,
    documented: false,
  },
  {
    name: "tenant_domain.activated",
    title: "A tenant's domain was activated",
    description: "The tenant's own domain is in use.",
    current: true,
    documented: false,
  },
  {
    name: "tenant_domain.cert_renewal_failed",
    title: "A domain's certificate could not be renewed",
    description: "The certificate of the tenant's own domain could not be renewed.",
    current: true,
    documented: false,
  },
  {
    name: "test",
    title: "A test event",
    description: "Sent on request, to see whether an endpoint answers.",
    current: true,
    documented: true,
  },
  {
    name: "delta.stored",
    title: "A usage record was stored",
    description: "A usage change was stored. Only older pages list it.",
    current: false,
    documented: false,
  },
  {
    name: "fact.verified",
    title: "A fact was verified",
    description: "A fact was checked and stands. Only older pages list it.",
    current: false,
    documented: false,
  },
  {
    name: "record.transferred",
    title: "A record was transferred",
    description: "A record was handed over. Only older pages list it.",
    current: false,
    documented: false,
  },
];

type DataMaker = (made: Sample) => Readonly<Record<string, unknown>>;

/** Values for samples: as many as wanted, from one source of chance. */
class Sample {
  constructor(
    readonly now: Date,
    private readonly random: () => number,
  ) {}

  hex(digits: number): string {
    return Array.from({ length: digits }, () => Math.floor(this.random() * 16).toString(16)).join("");
  }

  number(least: number, most: number): number {
    return least + Math.floor(this.random() * (most - least + 1));
  }

  get time(): string {
    return this.now.toISOString();
  }

  get customerId(): string {
    return `cust_${this.hex(8)}`;
  }

  get recordId(): string {
    return `rec_${this.hex(10)}`;
  }
}

const makers: Readonly<Record<string, DataMaker>> = {
  "delta.verified": (made) => ({
    recordId: made.recordId,
    receiptId: `0x${made.hex(40)}`,
    verificationReference: `0x${made.hex(64)}`,
    customerId: made.customerId,
    delta: made.number(-5_000, 5_000) / 100,
    sequenceNumber: String(made.number(1_000, 9_999_999)),
    referenceId: `ref_${made.hex(8)}`,
    blockTimestamp: made.time,
  }),
  "delta.failed": (made) => ({
    recordId: made.recordId,
    customerId: made.customerId,
    delta: made.number(-5_000, 5_000) / 100,
    error: "The record's hash does not match its receipt",
    failedAt: made.time,
  }),
  "checkpoint.verified": (made) => ({
    checkpointId: `chk_${made.hex(10)}`,
    customerId: made.customerId,
    recordCount: made.number(1, 900),
    verifiedAt: made.time,
  }),
  "receipt.generated": (made) => ({
    receiptId: `0x${made.hex(40)}`,
    recordId: made.recordId,
    customerId: made.customerId,
    generatedAt: made.time,
  }),
  "customer.created": (made) => ({ customerId: made.customerId, name: "Café Ünlü GmbH", createdAt: made.time }),
  "customer.shared_record_viewed": (made) => ({
    customerId: made.customerId,
    recordId: made.recordId,
    viewedAt: made.time,
  }),
  "customer.export_downloaded": (made) => ({
    customerId: made.customerId,
    exportId: `exp_${made.hex(8)}`,
    format: "csv",
    rows: made.number(10, 90_000),
  }),
  "customer.compare_run": (made) => ({
    customerId: made.customerId,
    compareId: `cmp_${made.hex(8)}`,
    matched: made.number(100, 900),
    differing: made.number(0, 9),
  }),
  "customer.step_up_failed_repeatedly": (made) => ({
    customerId: made.customerId,
    attempts: made.number(3, 9),
    lastAttemptAt: made.time,
  }),
  "tenant_domain.activated": (made) => ({ domain: "usage.example.com", activatedAt: made.time }),
  "tenant_domain.cert_renewal_failed": (made) => ({
    domain: "usage.example.com",
    reason: "DNS challenge not found",
    nextAttemptAt: made.time,
  }),
  test: () => ({ message: "This is a test webhook event from PacSpace." }),
};

const anyEvent: DataMaker = (made) => ({ recordId: made.recordId, customerId: made.customerId, storedAt: made.time });

/** What stands in a sample's text for values that are made when it is sent. */
class Placeholders extends Sample {
  override hex(digits: number): string {
    return `{{hex:${digits}}}`;
  }

  override get time(): string {
    return "{{now}}";
  }
}

function envelope(event: string, made: Sample): EventEnvelope {
  const maker = (Object.hasOwn(makers, event) ? makers[event] : undefined) ?? anyEvent;
  return { event, timestamp: made.time, data: maker(made) };
}

/**
 * A sample of an event, with fresh ids and times.
 * @param event a type's name; an unknown one gets plausible data too
 * @param options `now` for all times; `random` gives numbers from 0 up to 1, Math.random by default
 */
export function samplePayload(
  event: string,
  options: { readonly now: Date; readonly random?: () => number },
): EventEnvelope {
  return envelope(event, new Sample(options.now, options.random ?? Math.random));
}

/**
 * A sample of an event with placeholders (see sampleText.ts) in place of ids and times.
 * @param event a type's name; an unknown one gets plausible data too
 */
export function sampleTemplate(event: string): EventEnvelope {
  return envelope(event, new Placeholders(new Date(0), () => 0.7123));
}
