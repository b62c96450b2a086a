// npm run reliability: writes docs/reliability.md from tests/faults/results.json.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../../tools/setup.mjs'
import { reliabilityPage } from './page.ts'
import { readResults } from './results.ts'

writeFileSync(join(root, 'docs', 'reliability.md'), reliabilityPage(readResults()))
console.log('Wrote docs/reliability.md')
