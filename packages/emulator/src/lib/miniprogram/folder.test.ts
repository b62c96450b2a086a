import assert from 'node:assert/strict'
import { rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { diskFolder, ONE_PAGE, writeFiles } from '../../test-support/mini-program.ts'
import { createFolderReader, fileInside } from './folder.ts'

test('texts and other files are read, hidden ones and Node’s packages are not', async (t) => {
  const dir = await diskFolder(t, {
    ...ONE_PAGE,
    ...{ 'img/a.png': 'x', '.env': 'SECRET=1', '.git/config': '', 'node_modules/a/index.js': '' },
  })
  const folder = await createFolderReader(dir).read()
  assert.deepEqual([...folder.texts.keys()], Object.keys(ONE_PAGE).sort())
  assert.deepEqual([...folder.others], ['img/a.png'])
})

test('a project names its mini program; the mini program’s own folder finds the project above it', async (t) => {
  const project = '{ "miniprogramRoot": "dist/mini/", "appid": "wx1" }'
  const dir = await diskFolder(t, {
    'project.config.json': project,
    'dist/mini/app.json': '{}',
    'other/app.json': '{}',
  })
  for (const named of [dir, join(dir, 'dist/mini')]) {
    const folder = await createFolderReader(named).read()
    assert.deepEqual([folder.root, folder.project], [join(dir, 'dist/mini'), named === dir ? project : null])
  }
  const beside = await createFolderReader(join(dir, 'dist', 'mini', '..', '..', 'other')).read()
  assert.deepEqual([beside.name, beside.project], ['other', null])
})

test('the project right above counts where it names the folder', async (t) => {
  const project = '{ "miniprogramRoot": "mini" }'
  const dir = await diskFolder(t, { 'project.config.json': project, 'mini/app.json': '{}' })
  assert.equal((await createFolderReader(join(dir, 'mini')).read()).project, project)
})

test('what did not change is the same; a touch is no change', async (t) => {
  const dir = await diskFolder(t, { ...ONE_PAGE, 'a.png': 'x' })
  const reader = createFolderReader(dir)
  const first = await reader.read()
  assert.equal(await reader.read(), first)
  await utimes(join(dir, 'app.js'), 1, 1)
  assert.equal(await reader.read(), first)
  await writeFile(join(dir, 'app.js'), 'App({ a: 1 })')
  const second = await reader.read()
  assert.notEqual(second, first)
  assert.equal(second.texts.get('app.js'), 'App({ a: 1 })')
  await writeFile(join(dir, 'a.png'), 'longer')
  assert.notEqual(await reader.read(), second)
})

test('a folder that goes and comes, or was never there, is read as what it is', async (t) => {
  const dir = await diskFolder(t, ONE_PAGE)
  const reader = createFolderReader(dir)
  await reader.read()
  await rm(dir, { recursive: true })
  assert.equal((await reader.read()).texts.size, 0)
  await writeFiles(dir, ONE_PAGE)
  assert.equal((await reader.read()).texts.size, 5)
})

test('links lead to files of the mini program or nowhere', {
  skip: process.platform === 'win32',
}, async (t) => {
  const dir = await diskFolder(t, {
    'mini/app.json': '{}',
    'mini/lib/a.js': '1',
    'secret.js': 'x',
    'out/b.js': '',
  })
  await symlink(join(dir, 'secret.js'), join(dir, 'mini', 'secret.js'))
  await symlink(join(dir, 'mini', 'lib', 'a.js'), join(dir, 'mini', 'same.js'))
  await symlink(join(dir, 'out'), join(dir, 'mini', 'out'))
  await symlink(join(dir, 'mini'), join(dir, 'mini', 'loop'))
  const folder = await createFolderReader(join(dir, 'mini')).read()
  assert.deepEqual([...folder.texts.keys()], ['app.json', 'lib/a.js', 'same.js'])
  for (const path of ['secret.js', 'out/b.js', '../secret.js', 'lib', 'none.js', 'a\0b']) {
    assert.equal(await fileInside(folder.root, path), null, path)
  }
  assert.equal(await fileInside(folder.root, 'same.js'), join(dir, 'mini', 'lib', 'a.js'))
})
