import type { Results } from '../lib/results.ts'
import type { Measured } from './sheet.ts'

/** Whether a run has all that the sheet needs: growth, a request, a login. */
export function isEnough({ growth, figures }: Results): boolean {
  const names = figures.flatMap(({ raw }) => raw.map(({ name }) => name))
  return growth !== null && names.includes('yaopai /session') && names.includes('yaopai login')
}

/** What the sheet needs of one run's results. */
export function measuredIn(results: Results): Measured {
  const { growth } = results
  const last = growth?.points.at(-1)
  if (growth === null || last === undefined)
    throw new Error('The sheet needs a run of P11: npm run bench -- P11')
  const bytes = (table: string) => growth.tables.find((size) => size.table === table)?.bytesPerRow ?? 0
  return {
    bytesPerUser: bytes('users'),
    bytesPerIdentity: bytes('identities'),
    bytesPerSession: bytes('sessions'),
    bytesPerEvent: bytes('events'),
    requestMicroseconds: cpuOf(results, 'yaopai /session'),
    loginMicroseconds: cpuOf(results, 'yaopai login'),
    loginsPerSecondPerStore: last.loginsPerSecond,
    // P13's own goal; a larger figure there is a missed goal.
    bytesPerCachedSession: figureOf(results, 'P13', 'bytes') ?? 200,
  }
}

function cpuOf({ figures }: Results, name: string): number {
  const found = figures.flatMap(({ raw }) => raw).find((raw) => raw.name === name)
  if (found === undefined) throw new Error(`The sheet needs a run that measures "${name}"`)
  return found.cpuMicroseconds
}

function figureOf({ figures }: Results, goal: string, unit: string): number | undefined {
  return figures.find((figure) => figure.goal === goal && figure.unit === unit)?.value
}
