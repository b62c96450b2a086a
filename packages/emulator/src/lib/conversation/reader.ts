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
  /** An arrow that nobody will read any more, whose secrets may be met again. What WeChat said is known without. */
  forget(kept: Kept): void
  /** The emulator gives this out. */
  issued(kind: SecretKind, value: string): void
  /** Learns what was issued since. */
  remember(): void
  show(kept: Kept): Arrow
}

/** What was issued and not yet looked at: as much as is ever looked for. */
const PENDING = 20_000

/** Arrows are rendered when somebody reads them, and anew when a secret has become known since. */
export function createReader(): Reader {
  const known: Knowledge = { secrets: createSecrets(), identities: new Set() }
  const learnt = new WeakSet<Kept>()
  let pending: (readonly [SecretKind, string])[] = []
  const rendered = new WeakMap<Kept, { version: number; arrow: Arrow }>()
  const study = (kept: Kept) => {
    if (learnt.has(kept)) return
    learnt.add(kept)
    learn(known, kept)
  }
  return {
    known,
    study,
    forget(kept) {
      if (kept.from !== 'wechat' && kept.to !== 'wechat') study(kept)
    },
    issued(kind, value) {
      pending.push([kind, value])
      if (pending.length > 2 * PENDING) pending = pending.slice(-PENDING)
    },
    remember() {
      for (const [kind, value] of pending) known.secrets.name(kind, value, true)
      pending = []
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
