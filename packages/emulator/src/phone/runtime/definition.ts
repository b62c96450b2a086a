import type { CodeSpace } from 'glass-easel-miniprogram-adapter'

type Definition = Record<string, unknown>
type Registered = ReturnType<ReturnType<CodeSpace['behavior']>['register']>

/** WeChat's own behaviors, by the names under which components ask for them. */
export interface NamedBehaviors {
  of(name: string): unknown
}

/** What lets a component of a mini program stand in a form. */
const FORM_FIELD = { properties: { name: String, value: null } }

export function createNamedBehaviors(space: CodeSpace): NamedBehaviors {
  const known = new Map<string, Registered>()
  const define = (name: string): Registered => {
    const definition = name === 'wx://form-field' ? FORM_FIELD : {}
    const behavior = space.behavior().definition(definition).register() as Registered
    known.set(name, behavior)
    return behavior
  }
  return { of: (name) => known.get(name) ?? define(name) }
}

function isDefinition(value: unknown): value is Definition {
  return typeof value === 'object' && value !== null
}

/** The definition that a script gave, in the words of glass-easel's adapter. */
export function prepareDefinition(given: unknown, named: NamedBehaviors): Definition {
  const definition = isDefinition(given) ? given : {}
  const { behaviors } = definition
  if (!Array.isArray(behaviors)) return { ...definition }
  const resolved = behaviors.map((one: unknown) => (typeof one === 'string' ? named.of(one) : one))
  return { ...definition, behaviors: resolved.filter(isDefinition) }
}

/** Where style isolation is said in the script, not in the .json. */
export function styleOptionsOf(definition: Definition): Definition {
  const options = isDefinition(definition['options']) ? definition['options'] : {}
  const { addGlobalClass, styleIsolation } = options
  return {
    ...(addGlobalClass === undefined ? {} : { addGlobalClass }),
    ...(styleIsolation === undefined ? {} : { styleIsolation }),
  }
}
