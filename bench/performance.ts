// npm run performance: docs/performance.md, docs/capacity.md and their plots from bench/results and bench/notes.
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { root } from '../tools/setup.mjs'
import { generated, staleFiles, unexplained } from './report/pages.ts'

const files = generated()
for (const path of staleFiles()) {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), files[path] ?? '')
  console.log(`Wrote ${path}`)
}
for (const goal of unexplained()) console.log(`${goal} is missed: write down why in bench/notes/${goal}.md`)
