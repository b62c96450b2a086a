import { selfAt } from './core/self.ts'

/** What a form reads of glass-easel's tree. */
export interface FormNode {
  childNodes?: readonly FormNode[]
  $$?: unknown
  data?: Readonly<Record<string, unknown>>
  hasBehavior?(name: string): boolean
  getShadowRoot?(): FormNode | null
  setData?(patch: Record<string, unknown>): void
}

export interface NamedField {
  name: string
  value(): unknown
  reset(): void
}

function builtInField(node: FormNode): NamedField | undefined {
  const self = node.$$ instanceof Element ? selfAt(node.$$) : undefined
  const field = self?.abilities.field
  if (self === undefined || field === undefined) return undefined
  return { name: String(self.data['name'] ?? ''), value: field.value, reset: field.reset }
}

/** A custom component with the behaviour `wx://form-field` says its name and value by properties. */
function customField(node: FormNode): NamedField | undefined {
  if (node.hasBehavior?.('wx://form-field') !== true) return undefined
  const data = () => node.data ?? {}
  return { name: String(data()['name'] ?? ''), value: () => data()['value'], reset: () => {} }
}

/**
 * The fields of a form: of its own template, and within those custom components whose behaviour
 * `wx://form-field-group` opens them.
 */
export function fieldsOf(node: FormNode): NamedField[] {
  return (node.childNodes ?? []).flatMap((child) => {
    const field = builtInField(child) ?? customField(child)
    const isGroup = child.hasBehavior?.('wx://form-field-group') === true
    const inner = isGroup ? fieldsOf(child.getShadowRoot?.() ?? {}) : []
    return [...(field === undefined ? [] : [field]), ...inner, ...fieldsOf(child)]
  })
}

/** `detail.value` of `submit`: fields without a name are left out. */
export function collect(fields: readonly NamedField[]): Record<string, unknown> {
  return Object.fromEntries(
    fields.filter(({ name }) => name !== '').map((field) => [field.name, field.value()]),
  )
}
