import { z } from 'zod'

/** The part of JSON Schema that our schemas use. */
interface Shape {
  readonly type?: string | readonly string[]
  readonly format?: string
  readonly pattern?: string
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly Shape[]
  readonly oneOf?: readonly Shape[]
  readonly properties?: Readonly<Record<string, Shape>>
  readonly required?: readonly string[]
  readonly items?: Shape
  readonly minLength?: number
  readonly maxLength?: number
  readonly minimum?: number
  readonly maximum?: number
}

export function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Shape {
  return JSON.parse(JSON.stringify(z.toJSONSchema(schema, { io, unrepresentable: 'any' })))
}

/** Rows of a table: every field, where it stands, whether it is needed, what fits. */
export function inputRows(where: string, schema: z.ZodType): string[] {
  return fieldRows(where, schemaOf(schema, 'input'), '')
}

function fieldRows(where: string, shape: Shape, prefix: string): string[] {
  return Object.entries(shape.properties ?? {}).flatMap(([name, field]) => {
    const needed = shape.required?.includes(name) ? 'yes' : ''
    const row = `| \`${prefix}${name}\` | ${where} | ${needed} | ${ruleOf(field)} |`
    return [row, ...fieldRows(where, field, `${prefix}${name}.`)]
  })
}

/** What fits, in words: kind, length, pattern. */
function ruleOf(field: Shape): string {
  const choices = field.anyOf ?? field.oneOf
  if (choices) return choices.map(ruleOf).join(', or ')
  if (field.enum) return field.enum.map((value) => `\`${String(value)}\``).join(' or ')
  if (field.properties) return 'object'
  const { minLength, maxLength, pattern } = field
  const length = lengthOf(minLength, maxLength)
  // Those of printable text say the same in every row.
  const isPrintable = pattern?.includes('\\p{Cc}') ?? false
  const form = pattern === undefined || isPrintable ? '' : `, \`${pattern.replaceAll('|', '\\|')}\``
  return `${isPrintable ? 'text without control characters' : typesOf(field).join(' or ')}${boundsOf(field)}${length}${form}`
}

function typesOf({ type = 'any' }: Shape): readonly string[] {
  return typeof type === 'string' ? [type] : type
}

function boundsOf({ minimum, maximum }: Shape): string {
  return minimum === undefined || maximum === undefined ? '' : `, ${minimum} to ${maximum}`
}

function lengthOf(minLength: number | undefined, maxLength: number | undefined): string {
  if (maxLength === undefined) return ''
  return `, ${minLength ?? 0} to ${maxLength} characters`
}

/** An answer as people write it down. */
export function shapeOf(shape: Shape, indent = ''): string {
  const choices = shape.anyOf ?? shape.oneOf
  if (choices)
    return choices
      .map((choice) => shapeOf(choice, indent))
      .join(choices.every(({ properties }) => properties) ? '\nor ' : ' | ')
  if (shape.const !== undefined) return JSON.stringify(shape.const)
  if (shape.enum) return shape.enum.map((value) => JSON.stringify(value)).join(' | ')
  if (shape.type === 'array') return `[${shapeOf(shape.items ?? {}, indent)}, …]`
  if (shape.properties) return objectOf(shape, indent)
  if (shape.format === 'date-time') return 'time'
  return typesOf(shape).join(' | ')
}

function objectOf({ properties = {}, required = [] }: Shape, indent: string): string {
  const inner = `${indent}  `
  const fields = Object.entries(properties).map(
    ([name, field]) => `${inner}${name}${required.includes(name) ? '' : '?'}: ${shapeOf(field, inner)}`,
  )
  return `{\n${fields.join(',\n')}\n${indent}}`
}
