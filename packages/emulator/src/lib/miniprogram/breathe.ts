/** How long other work may have to wait. */
const TURN_MS = 20

/** Lets other work run now and then in the middle of a long piece of work: a server answers while it compiles. */
export function createBreath(): () => Promise<void> {
  let since = performance.now()
  return async () => {
    if (performance.now() - since < TURN_MS) return
    await new Promise((resolve) => setImmediate(resolve))
    since = performance.now()
  }
}

export type Breathe = () => Promise<void>
