/** Keeps up with the captures of a store: on the disk, or in another process. Told at once, one by one. */
export interface CaptureFollower {
  /** A capture is new, or is not what it was. */
  changed(id: string): void;
  /** A capture is not kept any more: it made room, or a person removed it. */
  gone(id: string, why: "dropped" | "removed"): void;
}
