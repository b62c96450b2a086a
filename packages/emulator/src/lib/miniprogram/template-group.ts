import { createRequire } from 'node:module'
import type { TmplGroup } from 'glass-easel-template-compiler'

const NAME = 'glass-easel-template-compiler'
const require = createRequire(import.meta.url)

type Compiler = { TmplGroup: typeof TmplGroup }

/** Loaded at the first mini program: it is 2 MB of WebAssembly. */
function load(): Compiler {
  return require(NAME) as Compiler // its own types
}

/**
 * Gives WeChat's template compiler something to do. Undefined where it panicked, as it does on some texts; a compiler that
 * did is not to be trusted again, so the next one is fresh.
 */
export function withGroup<T>(work: (group: TmplGroup) => T): T | undefined {
  const group = load().TmplGroup.newDev()
  try {
    const result = work(group)
    group.free()
    return result
  } catch {
    delete require.cache[require.resolve(NAME)]
    return undefined
  }
}
