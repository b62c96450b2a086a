// npm run test:engines [-- 14 17]: the PostgreSQL store's tests on other versions than the one that Debian has. On
// demand, since each version brings forty megabytes.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { npm, root, setup } from './setup.mjs'

const VERSIONS = ['14', '16', '17', '18']
// Its programs are the server and initdb alone, so nothing that makes a standby.
const TESTS = 'packages/server/src/lib/store/postgres'
const folder = join(root, 'tools', 'engines')

const versions = process.argv.length > 2 ? process.argv.slice(2) : VERSIONS
const unknown = versions.find((version) => !VERSIONS.includes(version))
if (unknown !== undefined)
  stop(`There is no PostgreSQL ${unknown} here: name some of ${VERSIONS.join(', ')}.`)

setup()
setup(folder)
// The packages come without the links between their libraries: a script of theirs makes them.
npm(['rebuild', '--silent'], { cwd: folder, stdio: 'inherit' })
const failed = versions.filter((version) => !passesOn(version))
if (failed.length > 0) stop(`Failed on PostgreSQL ${failed.join(', ')}.`)

function passesOn(version) {
  const programs = join(folder, 'node_modules', `postgresql-${version}`, 'native', 'bin')
  if (!existsSync(programs)) stop(`PostgreSQL ${version} is only there for Linux on x64.`)
  console.log(`PostgreSQL ${version}:`)
  const { status } = spawnSync(process.execPath, [join(root, 'tools', 'test.mjs'), TESTS], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, YAOPAI_REQUIRE: 'all', YAOPAI_POSTGRESQL_PROGRAMS: programs },
  })
  return status === 0
}

function stop(message) {
  console.error(message)
  process.exit(1)
}
