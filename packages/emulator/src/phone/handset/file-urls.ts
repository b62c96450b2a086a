import { type FileMap, typeOf } from '../../lib/wx/files.ts'

/** Addresses under which this window shows the phone's files; one for each content. */
export interface FileUrls {
  /** undefined where there is no such file. */
  of(path: string): string | undefined
}

export function createFileUrls(files: FileMap): FileUrls {
  const known = new Map<string, { content: Uint8Array | string; url: string }>()
  return {
    of(path) {
      const content = files.get(path)
      const old = known.get(path)
      if (content === undefined || old?.content === content)
        return content === undefined ? undefined : old?.url
      if (old) URL.revokeObjectURL(old.url)
      const bytes = typeof content === 'string' ? content : new Uint8Array(content)
      const url = URL.createObjectURL(new Blob([bytes], { type: typeOf(path) }))
      known.set(path, { content, url })
      return url
    },
  }
}
