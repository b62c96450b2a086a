import { folderOf } from '../../lib/miniprogram/paths.ts'
import type { Program } from '../../lib/miniprogram/program.ts'
import type { Handset } from '../handset/handset.ts'
import { buildUrl } from '../loader/load-build.ts'
import { joinPath } from '../loader/modules.ts'

interface Shelf {
  program: Pick<Program, 'build'>
  handset: Pick<Handset, 'fileUrls'>
}

/**
 * The address under which this window finds what a mini program names: a file of its folder (from the root with `/`,
 * else from the page at `from`), a file of the phone (`wxfile://…`), or what stands somewhere else.
 */
export function resourceUrl({ program, handset }: Shelf, source: string, from: string): string {
  const ownFile = handset.fileUrls.of(source)
  if (ownFile !== undefined) return ownFile
  if (/^(https?:|data:|blob:)/i.test(source)) return source
  if (/^\/\//.test(source)) return `https:${source}`
  if (/^[a-z]+:/i.test(source) || source === '') return source
  const [path = ''] = source.split(/[?#]/)
  return buildUrl(program.build, `files/${joinPath(folderOf(from), path)}`)
}
