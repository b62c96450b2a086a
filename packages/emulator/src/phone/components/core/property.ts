type Constructor =
  | StringConstructor
  | NumberConstructor
  | BooleanConstructor
  | ArrayConstructor
  | ObjectConstructor

/** How glass-easel coerces what a template gives, and what stands where it gives nothing. */
export interface Property<T> {
  type: Constructor | null
  optionalTypes?: Constructor[]
  value: T
}

export type Properties = Readonly<Record<string, Property<unknown>>>

export type Values<P extends Properties> = { [K in keyof P]: P[K] extends Property<infer T> ? T : never }

export const text = (value = ''): Property<string> => ({ type: String, value })

export const flag = (value = false): Property<boolean> => ({ type: Boolean, value })

export const number = (value = 0): Property<number> => ({ type: Number, value })

/** A number of pixels, or a length with its unit. */
export const length = (value: number | string): Property<number | string> => ({
  type: Number,
  optionalTypes: [String],
  value,
})

export const list = (): Property<readonly unknown[]> => ({ type: Array, value: [] })

export const anything = (value: unknown = null): Property<unknown> => ({ type: null, value })
