// npm run features [-- --json | --check F1,F2]: what others have, and what Yaopai has by tests that passed.
import process from 'node:process'
import { type FeatureRow, features } from './proofs/rows.ts'
import { isProved, scoreRows } from './proofs/score.ts'
import { readFlags } from './read-flags.ts'
import { readResults } from './testing/results.ts'

const USAGE = `Usage: npm run features [-- --json | --check F1,F2]
Prints what others have, and what Yaopai has by the tests that passed in the last npm test; --check ends with 1 where a row
that it names is not Y.`

process.exitCode = main()

function main(): number {
  const { values } = readFlags(USAGE, { options: { json: { type: 'boolean' }, check: { type: 'string' } } })
  const results = readResults()
  if (!results) console.error('No results yet, so every row is N: run npm test first')
  const scores = scoreRows(results?.tests ?? [])
  const rows = features.rows.map((row) => ({ ...row, yaopai: isProved(scores, row.id) ? 'Y' : 'N' }))
  if (values.check !== undefined) return check(values.check, new Map(rows.map((row) => [row.id, row.yaopai])))
  if (values.json) {
    const tests = Object.fromEntries(scores)
    console.log(
      JSON.stringify({ finishedAt: results?.finishedAt, others: features.others, rows, tests }, null, 2),
    )
    return 0
  }
  print(rows, results?.finishedAt)
  return 0
}

function check(list: string, found: Map<string, string>): number {
  const ids = list.split(',').map((id) => id.trim())
  const unknown = ids.filter((id) => !found.has(id))
  if (unknown.length > 0) console.error(`No such row: ${unknown.join(', ')}`)
  const missing = ids.filter((id) => found.get(id) === 'N')
  if (missing.length > 0) console.error(`Not Y: ${missing.join(', ')}`)
  if (unknown.length + missing.length === 0) console.log(`All ${ids.length} rows are Y.`)
  return unknown.length > 0 ? 2 : Math.min(missing.length, 1)
}

function print(rows: (FeatureRow & { yaopai: string })[], finishedAt: string | undefined): void {
  const tables = [...new Set(rows.map(({ section }) => section))].map((section) => table(section, rows))
  const proved = rows.filter(({ yaopai }) => yaopai === 'Y').length
  const legend = 'Y yes, P partial, N no, – outside its scope, ? not verifiable.'
  const sum = `Yaopai: ${proved} of ${rows.length} rows, by the tests of ${finishedAt ?? 'no run'}.`
  console.log(`${tables.join('\n\n')}\n\n${legend}\n${sum}`)
}

function table(section: string, rows: (FeatureRow & { yaopai: string })[]): string {
  const none = features.others.map(() => 'N')
  const lines = rows
    .filter((row) => row.section === section)
    .map(({ id, name, yaopai, others }) => `| ${[id, name, yaopai, ...(others ?? none)].join(' | ')} |`)
  const head = `## ${section}\n\n| id | feature | Yaopai | ${features.others.join(' | ')} |`
  return [head, `|${'--|'.repeat(3 + features.others.length)}`, ...lines].join('\n')
}
