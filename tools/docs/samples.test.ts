import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import process from 'node:process'
import test, { after, describe } from 'node:test'
import { needs } from '../needs.ts'
import { root } from '../setup.mjs'
import { collectSamples, ignoreReason, misnamed } from './collect.ts'
import { type Demo, startDemo } from './demo.ts'
import type { Sample } from './fences.ts'
import { readPages } from './files.ts'
import { deadLinks } from './links.ts'
import { nodeFlags, run } from './run-samples.ts'
import { complaintsOfScripts } from './scripts.ts'
import { laySamples, typeCheck } from './type-samples.ts'

const sampleTimeoutMs = 60_000
const ignoredAtMost = 3

const all = collectSamples(root)
const samples = all.filter((sample) => ignoreReason(sample) === undefined)
const of = (...languages: string[]) => samples.filter(({ language }) => languages.includes(language))
const at = ({ file, line }: Sample) => `${file}:${line}`

test('every relative link of the docs leads somewhere', () => {
  assert.deepEqual(
    readPages(root).flatMap((page) => deadLinks(page, root)),
    [],
  )
})

test('[F99] no sample is left out but by a reason in its fence, and few are', (t) => {
  const ignored = all.filter((sample) => ignoreReason(sample) !== undefined)
  for (const sample of ignored) t.diagnostic(`${at(sample)} ignored: ${ignoreReason(sample)}`)
  assert.deepEqual(misnamed(all), [])
  assert.ok(
    ignored.length <= ignoredAtMost,
    `${ignored.length} are ignored, at most ${ignoredAtMost}: ${ignored.map(at)}`,
  )
})

const laid = laySamples(of('ts', 'js'), join(root, '.cache', 'samples'))

describe('[F99] samples fit their types', () => {
  const complaints = typeCheck(laid)
  for (const sample of laid) {
    test(at(sample), () => assert.deepEqual(complaints.get(sample.path), []))
  }
})

describe('[F99] samples that assert are true', { concurrency: 2 }, () => {
  for (const sample of laid.filter(({ code }) => /\bassert\b/.test(code))) {
    test(at(sample), async () => {
      const { status, output } = await run(process.execPath, [...nodeFlags, sample.path], sampleTimeoutMs)
      assert.equal(status, 0, output)
    })
  }
})

describe('[F99] JSON samples parse', () => {
  for (const sample of of('json')) {
    test(at(sample), () => assert.doesNotThrow(() => JSON.parse(sample.code)))
  }
})

describe('[F99] Python samples parse', needs('python3-django'), () => {
  for (const sample of of('python')) {
    test(at(sample), async () => {
      const program = 'import ast, sys; ast.parse(sys.stdin.read())'
      const { status, output } = await run('/usr/bin/python3', ['-c', program], sampleTimeoutMs, sample.code)
      assert.equal(status, 0, output)
    })
  }
})

const shell = of('sh')
const bash = process.platform === 'win32' ? { skip: 'needs bash' } : {}

describe('[F99] shell samples are shell and name scripts that exist', bash, () => {
  for (const sample of shell) {
    test(at(sample), () => {
      const { status, stderr } = spawnSync('bash', ['-n'], { input: sample.code, encoding: 'utf8' })
      assert.equal(status, 0, stderr)
      assert.deepEqual(complaintsOfScripts(sample.code, root), [])
    })
  }
})

const toRun = shell.filter(({ flags }) => flags === 'run')

// The samples of a page run in one shell, in order, against what npm start starts.
describe('[F99] shell samples marked run succeed', bash, () => {
  let demo: Promise<Demo> | undefined
  after(async () => (await demo)?.stop())
  for (const file of new Set(toRun.map((sample) => sample.file))) {
    test(file, async () => {
      demo ??= startDemo()
      const { withPorts } = await demo
      const parts = toRun.filter((sample) => sample.file === file)
      const script = parts.map((sample) => `echo '# ${at(sample)}' >&2\n${sample.code}\n`).join('\n')
      const { status, output } = await run(
        'bash',
        ['-euo', 'pipefail', '-s'],
        sampleTimeoutMs,
        withPorts(script),
      )
      assert.equal(status, 0, output)
    })
  }
})
