import type * as glassEasel from 'glass-easel'
import { ComponentSpace } from 'glass-easel'

/** Properties that a custom component gets by each of WeChat's built-in behaviours. */
const BEHAVIORS: Readonly<Record<string, Record<string, StringConstructor | null>>> = {
  'form-field': { name: String, value: null },
  'form-field-group': {},
  'form-field-button': {},
  'component-export': {},
}

/**
 * `behaviors: ['wx://form-field']` and its like, for custom components of a space. glass-easel reads the name as an
 * address, so they live in a space of their own under that name.
 */
export function registerBehaviors(space: glassEasel.ComponentSpace): void {
  const own = new ComponentSpace()
  for (const [name, properties] of Object.entries(BEHAVIORS)) {
    own.defineBehavior({ is: name, properties: properties as Record<string, never> })
    own.exportBehavior(name, name)
  }
  space.importSpace('wx://', own, true)
}
