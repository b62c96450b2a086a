// npm run capacity -- --users 1e8 [--daily-share 0.4 …]: what so many users need, by what was measured.
import { endWithUsage, readFlags } from '../tools/read-flags.ts'
import { readSource } from './report/pages.ts'
import { isEnough, measuredIn } from './sheet/measured.ts'
import { breakText, FORMULAS, flagOf, sheetTable } from './sheet/page.ts'
import { HABITS, type Habits, type Measured, sheetFor } from './sheet/sheet.ts'

const source = readSource().results.find(isEnough)
if (source === undefined) {
  console.error('There are no figures yet: npm run bench -- --out bench/results/node20.json')
  process.exit(1)
}
const defaults: Habits & Measured = { ...HABITS, ...measuredIn(source) }
const keys = Object.keys(defaults) as (keyof typeof defaults)[]
const USAGE = `Usage: npm run capacity -- --users N [--users M …] [--assumption value …]
Assumptions and measured figures, each with what it is now:
${keys.map((key) => `  --${flagOf(key)} ${Number(defaults[key].toPrecision(4))}`).join('\n')}

${FORMULAS}`
const { values } = readFlags(USAGE, {
  options: {
    users: { type: 'string', multiple: true, default: ['1e6', '1e8', '1e9'] },
    ...Object.fromEntries(keys.map((key) => [flagOf(key), { type: 'string' as const }])),
  },
})
const given: Readonly<Record<string, unknown>> = values
const chosen = Object.fromEntries(keys.map((key) => [key, numberOf(given[flagOf(key)] ?? defaults[key])]))
const all = { ...defaults, ...chosen }
const sheets = [given['users']].flat().map((users) => sheetFor(numberOf(users), all, all))
console.log(
  `${sheetTable(sheets)}\n\nWhat breaks first, if there were one of each:\n${sheets.map(breakText).join('\n')}`,
)

function numberOf(value: unknown): number {
  const number = Number(value)
  if (Number.isFinite(number) && number > 0) return number
  return endWithUsage(USAGE, `${String(value)} is no number above 0`)
}
