import test from 'node:test'
import { packages } from '../package/build-package.ts'
import { runTool } from './run-tool.ts'

test('the whole tree fits its types', () => runTool('typescript/bin/tsc', '-p', 'tsconfig.json'))

for (const folder of packages) {
  test(`${folder} can be built with its declarations`, () => {
    runTool('typescript/bin/tsc', '-p', `${folder}/tsconfig.build.json`, '--noEmit')
  })
}
