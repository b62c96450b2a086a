type Definition = Record<string, unknown>

function isDefinition(value: unknown): value is Definition {
  return typeof value === 'object' && value !== null
}

/** A behavior under its name: WeChat's own are known to the space. */
export type NamedBehavior = (name: string) => unknown

/** The definition that a script gave, in the words of glass-easel's adapter. */
export function prepareDefinition(given: unknown, named: NamedBehavior): Definition {
  const definition = isDefinition(given) ? given : {}
  const { behaviors } = definition
  if (!Array.isArray(behaviors)) return { ...definition }
  const resolved = behaviors.map((one: unknown) => (typeof one === 'string' ? named(one) : one))
  return { ...definition, behaviors: resolved.filter(isDefinition) }
}

/** Whether the script's `options` let the styles of pages reach the component. */
export function wantsSharedStyles(definition: object): boolean {
  const options: unknown = Reflect.get(definition, 'options')
  if (!isDefinition(options)) return false
  return options['addGlobalClass'] === true || String(options['styleIsolation']).endsWith('shared')
}
