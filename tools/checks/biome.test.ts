import test from 'node:test'
import { runTool } from './run-tool.ts'

test('every file is formatted and lint finds nothing', () => {
  runTool('@biomejs/biome/bin/biome', 'check', '--max-diagnostics=50', '.')
})
