/** A read of a session that is not over. */
export interface Reading {
  readonly selector: number
  /** Something was dropped meanwhile that it may be of: what it finds may be older than that. */
  isSpoiled: boolean
}

/** The reads that are under way, so that what ends a session can keep them from being remembered. */
export interface UnderWay {
  begin(selector: number): Reading
  end(reading: Reading): void
  spoil(selector: number): void
  /** A read does not know its user before it is over. */
  spoilAll(): void
}

export function createUnderWay(): UnderWay {
  const readings = new Map<number, Set<Reading>>()
  const spoilThose = (those: Iterable<Reading>): void => {
    for (const reading of those) reading.isSpoiled = true
  }
  return {
    begin(selector) {
      const reading: Reading = { selector, isSpoiled: false }
      const same = readings.get(selector)
      if (same === undefined) readings.set(selector, new Set([reading]))
      else same.add(reading)
      return reading
    },
    end(reading) {
      const same = readings.get(reading.selector)
      same?.delete(reading)
      if (same?.size === 0) readings.delete(reading.selector)
    },
    spoil: (selector) => spoilThose(readings.get(selector) ?? []),
    spoilAll() {
      for (const same of readings.values()) spoilThose(same)
    },
  }
}
