import { openTypeProperties, runOpenType } from './button-open-type.ts'
import { builtIn } from './core/built-in.ts'
import { make } from './core/element.ts'
import { hoverProperties, makeHover } from './core/hover.ts'
import { makePressable } from './core/press.ts'
import { flag, text } from './core/property.ts'
import { type AnySelf, around } from './core/self.ts'

const properties = {
  size: text('default'),
  type: text('default'),
  plain: flag(),
  disabled: flag(),
  loading: flag(),
  formType: text(),
  name: text(),
  ...openTypeProperties,
  ...hoverProperties('button-hover', 20, 70),
}

/** A form hears the buttons of its own template, and those of components that say so by `wx://form-field-button`. */
function formOf(button: AnySelf): AnySelf | undefined {
  const form = around(button, 'form')
  if (form === undefined) return undefined
  const owner = button.component.ownerShadowRoot
  if (owner === form.component.ownerShadowRoot) return form
  return owner?.getHostNode().hasBehavior('wx://form-field-button') === true ? form : undefined
}

function press(button: AnySelf): void {
  const { formType, openType } = button.data
  if (formType === 'submit' || formType === 'reset') formOf(button)?.abilities.act?.(formType, button)
  for (const one of String(openType).split('|')) if (one !== '') void runOpenType(button, one)
}

export const button = builtIn('button', properties, (self) => {
  const { host } = self
  const isDisabled = () => self.data.disabled
  const any = self as unknown as AnySelf
  const spinner = make('i', 'wx-spinner', { 'aria-hidden': 'true' })
  makeHover(any, 'button-hover', isDisabled)
  makePressable(any, { isDisabled, press: () => press(any), role: 'button' })
  self.watch(() => {
    const { size, type, plain, loading, disabled } = self.data
    host.setAttribute('size', size)
    host.setAttribute('type', type)
    host.toggleAttribute('plain', plain)
    host.toggleAttribute('loading', loading)
    host.toggleAttribute('disabled', disabled)
    if (loading === spinner.isConnected) return
    if (loading) host.prepend(spinner)
    else spinner.remove()
  })
})
