// npm run proofs [-- --check]: writes docs/proofs.md from the titles of the tests, or says that it is stale.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { promisedWithoutTest, proofsPage } from './proofs/page.ts'
import { filesByRow } from './proofs/sources.ts'
import { root } from './setup.mjs'

const page = join(root, 'docs', 'proofs.md')
const files = filesByRow(root)
const text = proofsPage(files)
if (process.argv.includes('--check')) {
  const stale = !existsSync(page) || readFileSync(page, 'utf8') !== text
  if (stale) console.error('docs/proofs.md is stale: run npm run proofs and commit it')
  process.exitCode = stale ? 1 : 0
} else {
  mkdirSync(join(root, 'docs'), { recursive: true })
  writeFileSync(page, text)
  console.log(`Wrote docs/proofs.md: ${files.size} rows have tests.`)
}
const missing = promisedWithoutTest(files)
console.log(
  missing.length === 0 ? 'Every promised row has a test.' : `Promised without a test: ${missing.join(' ')}`,
)
