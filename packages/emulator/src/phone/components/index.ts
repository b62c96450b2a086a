import type * as glassEasel from 'glass-easel'
import { registerBehaviors } from './behaviors.ts'
import { button } from './button.ts'
import { type BuiltIn, register } from './core/built-in.ts'
import { form } from './form.ts'
import { icon } from './icon.ts'
import { image } from './image.ts'
import { input } from './input.ts'
import { label } from './label.ts'
import { navigator } from './navigator.ts'
import { scrollView } from './scroll-view.ts'
import type { PhoneServices } from './services.ts'
import { text } from './text.ts'
import { view } from './view.ts'

export type { Answer, MissingFeature, Navigation, PhoneServices } from './services.ts'

const BUILT_IN: readonly BuiltIn[] = [
  view,
  text,
  button,
  image,
  icon,
  input,
  form,
  label,
  navigator,
  scrollView,
]

/**
 * Makes WeChat's built-in components and behaviours known to all pages and components of a space: call it on the space
 * of the mini program, before its first component is defined. Their host elements are expected as `wx-{tag}`.
 */
export function registerComponents(space: glassEasel.ComponentSpace, phone: PhoneServices): void {
  registerBehaviors(space)
  for (const spec of BUILT_IN) register(space, phone, spec)
}
