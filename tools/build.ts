// npm run build: each package's dist/ from its source, as it goes to users.
import process from 'node:process'
import { buildPackage, packages } from './package/build-package.ts'

for (const folder of packages) {
  const startedAtMs = Date.now()
  buildPackage(folder)
  console.log(`Built ${folder} in ${((Date.now() - startedAtMs) / 1000).toFixed(1)} s.`)
}
process.exitCode = 0
