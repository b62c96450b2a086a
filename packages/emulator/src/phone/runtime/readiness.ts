import type * as glassEasel from 'glass-easel'
import type { CodeSpace } from 'glass-easel-miniprogram-adapter'

/** Tells components that they are ready: after the first drawing of what they stand in, children before parents. */
export interface Readiness {
  flush(): void
}

export function createReadiness(space: CodeSpace): Readiness {
  const waiting: glassEasel.GeneralComponent[] = []
  let isDue = false
  const flush = () => {
    isDue = false
    for (const component of waiting.splice(0).reverse()) component.triggerLifetime('ready', [])
  }
  const behavior = space.getComponentSpace().defineBehavior({
    lifetimes: {
      attached() {
        const component: unknown = Reflect.get(Object(this), '_$') ?? this
        waiting.push(component as glassEasel.GeneralComponent)
        if (!isDue) requestAnimationFrame(flush)
        isDue = true
      },
    },
  })
  space.setOverallBehavior(behavior as unknown as glassEasel.GeneralBehavior)
  return { flush }
}
