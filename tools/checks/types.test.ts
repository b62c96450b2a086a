import test from 'node:test'
import { runTool } from './run-tool.ts'

test('the whole tree fits its types', () => runTool('typescript/bin/tsc', '-p', 'tsconfig.json'))
