// npm run ok: everything that must hold before a change goes out, in order, each with its time.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import process from 'node:process'
import { sourceFlags } from './launch.mjs'
import { root } from './setup.mjs'

const bin = (program: string) => join(root, 'node_modules', program)
const tests = (...groups: string[]) => [...sourceFlags, join(root, 'tools', 'testing', 'run.ts'), ...groups]

const steps: [name: string, nodeArguments: string[]][] = [
  ['format', [bin('@biomejs/biome/bin/biome'), 'format', '.']],
  ['lint', [bin('@biomejs/biome/bin/biome'), 'lint', '.']],
  ['types', [bin('typescript/bin/tsc'), '-p', 'tsconfig.json']],
  ['rooms', [...sourceFlags, join(root, 'tools', 'rooms.ts')]],
  ['tests', tests('emulator', 'server', 'examples', 'end to end', 'tools')],
  ['docs', tests('docs')],
  ['proofs', [...sourceFlags, join(root, 'tools', 'proofs.ts'), '--check']],
  ['package', tests('package')],
]

const times = steps.map(([name, args]) => {
  console.log(`\n== ${name}`)
  const startedAtMs = Date.now()
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' })
  return { name, ok: status === 0, ms: Date.now() - startedAtMs }
})

console.log('')
for (const { name, ok, ms } of times) {
  console.log(`${ok ? '✔' : '✖'} ${name.padEnd(8)} ${(ms / 1000).toFixed(1).padStart(7)} s`)
}
const failed = times.filter(({ ok }) => !ok)
console.log(failed.length === 0 ? 'ok' : `not ok: ${failed.map(({ name }) => name).join(', ')}`)
process.exitCode = failed.length === 0 ? 0 : 1
