import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { relative as fromTo, join } from 'node:path'
import test from 'node:test'
import { pathToFileURL } from 'node:url'
import { nodeComplaint, root, staleReason } from '../../tools/setup.mjs'
import { withTree } from './temp-tree.ts'

test('an old Node is told from one that will do, with the cure', () => {
  assert.match(
    nodeComplaint('18.20.0') ?? '',
    /needs Node 20\.19 or newer; this is 18\.20\.0\. Install a newer one/,
  )
  assert.match(nodeComplaint('20.18.3') ?? '', /20\.18\.3/)
  for (const version of ['20.19.0', '20.20.2', '22.0.0', '24.21.0'])
    assert.equal(nodeComplaint(version), undefined)
})

const lock = (packages: object) => JSON.stringify({ lockfileVersion: 3, packages })
const entry = (version: string, more = {}) => ({ version, integrity: `sha512-${version}`, ...more })

async function reasonFor(wanted: object, installed?: object): Promise<string | undefined> {
  const files: Record<string, string> = { 'package-lock.json': lock(wanted) }
  if (installed) files['node_modules/.package-lock.json'] = lock(installed)
  return await withTree(files, staleReason)
}

test('node_modules is stale when missing, older, or incomplete, and only then', async () => {
  const wanted = {
    '': {},
    'node_modules/a': entry('1.0.0'),
    'node_modules/b': entry('2.0.0', { optional: true }),
  }
  assert.equal(await reasonFor(wanted), 'node_modules is missing')
  assert.equal(await reasonFor(wanted, { 'node_modules/a': entry('1.0.0') }), undefined)
  assert.match(
    (await reasonFor(wanted, { 'node_modules/a': entry('0.9.0') })) ?? '',
    /older .* \(node_modules\/a\)/,
  )
  assert.match((await reasonFor(wanted, {})) ?? '', /older/)
  const rebuilt = { 'node_modules/a': { version: '1.0.0', integrity: 'sha512-other' } }
  assert.match((await reasonFor(wanted, rebuilt)) ?? '', /older/)
})

test('setup installs what is missing, says so, and is silent the next time', async () => {
  const files = {
    'package.json': JSON.stringify({ name: 'w', version: '1.0.0', workspaces: ['a'] }),
    'a/package.json': JSON.stringify({
      name: 'a',
      version: '1.0.0',
      scripts: { postinstall: "node -e \"require('fs').writeFileSync('ran', '')\"" },
    }),
    'package-lock.json': lock({
      '': { name: 'w', version: '1.0.0', workspaces: ['a'] },
      a: { version: '1.0.0', hasInstallScript: true },
      'node_modules/a': { resolved: 'a', link: true },
    }),
  }
  await withTree(files, (folder) => {
    const url = pathToFileURL(join(root, 'tools', 'setup.mjs')).href
    const program = `import(${JSON.stringify(url)}).then(({ setup }) => setup(${JSON.stringify(folder)}))`
    const run = () => spawnSync(process.execPath, ['-e', program], { encoding: 'utf8' })
    const first = run()
    assert.equal(first.status, 0, first.stderr)
    assert.match(first.stdout, /Setting up: node_modules is missing\. Running "npm ci" here, nothing global/)
    assert.ok(existsSync(join(folder, 'node_modules', 'a')))
    assert.ok(!existsSync(join(folder, 'a', 'ran')), 'install scripts stay blocked')
    assert.deepEqual([run().stdout, run().status], ['', 0])
  })
})

const waiting = `process.on('SIGTERM', () => { console.log('asked'); setTimeout(() => process.exit(7), 50) })
console.log('ready'); setInterval(() => {}, 1000)`

test('the launcher hands on signals and the exit code', {
  skip: process.platform === 'win32' && 'POSIX signals',
}, async () => {
  await withLauncher(waiting, async (child, output) => {
    child.kill('SIGTERM')
    const [code] = await once(child, 'exit')
    assert.equal(code, 7)
    assert.equal(output().match(/asked/g)?.length, 1)
  })
})

test('what the launcher started ends when the launcher is killed', {
  skip: process.platform === 'win32' && 'POSIX signals',
}, async () => {
  await withLauncher(waiting, async (child, output) => {
    child.kill('SIGKILL')
    await once(child, 'close')
    assert.match(output(), /asked/)
  })
})

type Launcher = ReturnType<typeof spawn>

async function withLauncher(
  text: string,
  use: (child: Launcher, output: () => string) => Promise<void>,
): Promise<void> {
  await withTree({ 'script.mts': text }, async (folder) => {
    const url = pathToFileURL(join(root, 'tools', 'launch.mjs')).href
    const script = fromTo(root, join(folder, 'script.mts'))
    const program = `import(${JSON.stringify(url)}).then(({ launch }) => launch(${JSON.stringify(script)}))`
    const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'pipe'] })
    let printed = ''
    await new Promise<void>((resolve) => {
      const look = (chunk: Buffer) => {
        printed += chunk
        if (printed.includes('ready')) resolve()
      }
      child.stdout.on('data', look)
      child.stderr.on('data', look)
      child.on('exit', () => resolve())
    })
    await use(child, () => printed)
  })
}
