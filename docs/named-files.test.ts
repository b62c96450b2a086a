import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join, sep } from 'node:path'
import { test } from 'node:test'
import { root } from '../tools/setup.mjs'

const FOLDERS = ['packages', 'examples', 'docs', 'tools', 'tests', 'bench', 'decisions']
const PASSED_BY = /(^|\/)(node_modules|dist|\.cache|\.yaopai)(\/|$)/

const paths = FOLDERS.flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map(
    (path) => `${folder}/${path.split(sep).join('/')}`,
  ),
).filter((path) => !PASSED_BY.test(path))
const known = new Set([...FOLDERS, ...paths].map((path) => `/${path}`))

/** Whether something in the tree ends so: pages name files without the folders that are plain from the context. */
function isThere(name: string): boolean {
  const ending = `/${name.replace(/\/$/, '').replace(/^.*\*/, '')}`
  return [...known].some((path) =>
    name.includes('*') ? path.endsWith(ending.slice(1)) : path.endsWith(ending),
  )
}

const pages = ['ARCHITECTURE.md', ...readdirSync(join(root, 'decisions')).map((name) => `decisions/${name}`)]

for (const page of pages) {
  test(`${page} names files and folders that are there`, () => {
    const text = readFileSync(join(root, page), 'utf8')
    const names = [...text.matchAll(/`([\w./*-]+(?:\.ts|\.mjs|\.sql|\/))`/g)].map(([, name = '']) => name)
    const gone = names.filter((name) => name.length > 4 && !isThere(name))
    assert.deepEqual(gone, [])
  })
}
