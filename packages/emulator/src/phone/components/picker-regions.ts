import type { Columns } from './picker-dates.ts'
import { type Region, SAMPLE_REGIONS } from './region-data.ts'

const LEVELS: Readonly<Record<string, number>> = { province: 1, city: 2, region: 3 }

/** The places of each column, from the names that are chosen; a name that is not there counts as the first. */
function placesOf(names: readonly string[], depth: number): { places: readonly Region[]; at: number }[] {
  const columns: { places: readonly Region[]; at: number }[] = []
  let places = SAMPLE_REGIONS
  for (let column = 0; column < depth; column += 1) {
    const at = Math.max(
      0,
      places.findIndex(({ name }) => name === names[column]),
    )
    columns.push({ places, at })
    places = places[at]?.within ?? []
  }
  return columns
}

/** `mode="region"`: `custom` is a row before all others in each column. */
export function regionColumns(names: readonly string[], level: string, custom: string): Columns {
  const first = custom === '' ? [] : [custom]
  const columns = placesOf(names, LEVELS[level] ?? 3)
  const isCustom = (index: number) => custom !== '' && names.slice(0, index + 1).includes(custom)
  return {
    labels: columns.map(({ places }, index) => [
      ...first,
      ...(isCustom(index - 1) ? [] : places.map(({ name }) => name)),
    ]),
    at: columns.map(({ at }, index) => (isCustom(index) ? 0 : at + first.length)),
  }
}

/** Codes of the chosen places, and the postcode of their city; what is not a place has none. */
export function codesOf(names: readonly string[]): { code: string[]; postcode: string } {
  const columns = placesOf(names, names.length)
  const places = columns.map(({ places: all, at }, index) =>
    all[at]?.name === names[index] ? all[at] : undefined,
  )
  return {
    code: places.flatMap((place) => (place === undefined ? [] : [place.code])),
    postcode: places.find((place) => place?.postcode !== undefined)?.postcode ?? '',
  }
}
