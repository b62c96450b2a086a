import type * as glassEasel from 'glass-easel'

type Behavior = ReturnType<glassEasel.ComponentSpace['defineBehavior']>

/** WeChat's own behaviours by the names under which custom components ask for them; others are unknown. */
export type NamedBehaviors = ReadonlyMap<string, Behavior>

/** Properties that a custom component gets by each. */
const BEHAVIORS: Readonly<Record<string, Record<string, StringConstructor | null>>> = {
  'form-field': { name: String, value: null },
  'form-field-group': {},
  'form-field-button': {},
  'component-export': {},
}

const SCHEME = 'wx://'

/** Makes them known to a space as `wx://form-field` …: glass-easel reads such a name as an address in another space. */
export function registerBehaviors(space: glassEasel.ComponentSpace): NamedBehaviors {
  const Space = space.constructor as typeof glassEasel.ComponentSpace
  const own = new Space()
  space.importSpace(SCHEME, own, true)
  return new Map(
    Object.entries(BEHAVIORS).map(([name, properties]) => {
      const definition = { is: name, properties: properties as Record<string, never> }
      return [SCHEME + name, own.defineBehavior(definition) as unknown as Behavior]
    }),
  )
}
