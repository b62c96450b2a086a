import type { Arrow } from './arrow.ts'
import type { Knowledge } from './detect.ts'
import { learn, render } from './render.ts'
import { createSecrets, type SecretKind } from './secrets.ts'
import type { Kept } from './sighting.ts'

/** Learns what is secret in what was seen, and shows it without. */
export interface Reader {
  readonly known: Knowledge
  /** Learns the secrets of one arrow; each is studied once. */
  study(kept: Kept): void
  /** Learns what the emulator itself has given out. */
  remember(): void
  show(kept: Kept): Arrow
}

/** Arrows are rendered when somebody reads them, and anew when a secret has become known since. */
export function createReader(issued: () => Iterable<readonly [SecretKind, string]>): Reader {
  const known: Knowledge = { secrets: createSecrets(), identities: new Set() }
  const learnt = new WeakSet<Kept>()
  const rendered = new WeakMap<Kept, { version: number; arrow: Arrow }>()
  return {
    known,
    study(kept) {
      if (learnt.has(kept)) return
      learnt.add(kept)
      learn(known, kept)
    },
    remember() {
      for (const [kind, value] of issued()) known.secrets.name(kind, value, true)
    },
    show(kept) {
      const version = known.secrets.version()
      const before = rendered.get(kept)
      if (before?.version === version) return before.arrow
      const arrow = render(known, kept)
      rendered.set(kept, { version, arrow })
      return arrow
    },
  }
}
