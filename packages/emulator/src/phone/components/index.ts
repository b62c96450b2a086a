import type * as glassEasel from 'glass-easel'
import { BUILT_IN_COMPONENTS } from './all.ts'
import { type NamedBehaviors, registerBehaviors } from './behaviors.ts'
import { register } from './core/built-in.ts'
import type { PhoneServices } from './services.ts'

export type { NamedBehaviors } from './behaviors.ts'
export type { Answer, MissingFeature, Navigation, PhoneServices } from './services.ts'

/**
 * Makes WeChat's built-in components known to all pages and components of a space: call it on the space of the mini
 * program, before its first component is defined. Their host elements are expected as `wx-{tag}`. Returns the behaviours
 * that custom components name as `wx://form-field` and its like.
 */
export function registerComponents(space: glassEasel.ComponentSpace, phone: PhoneServices): NamedBehaviors {
  for (const spec of BUILT_IN_COMPONENTS) register(space, phone, spec)
  return registerBehaviors(space)
}
