/** `a/b/c` without its last part; empty at the top. */
export function folderOf(file: string): string {
  const cut = file.lastIndexOf('/')
  return cut === -1 ? '' : file.slice(0, cut)
}

/**
 * What `request` means in a file of `folder`: absolute from the top where it starts with `/`, else relative. Null where it
 * leaves the mini program.
 */
export function joinPath(folder: string, request: string): string | null {
  const parts = request.startsWith('/') || folder === '' ? [] : folder.split('/')
  for (const part of request.split('/')) {
    if (part === '' || part === '.') continue
    if (part !== '..') parts.push(part)
    else if (parts.pop() === undefined) return null
  }
  return parts.join('/')
}

/** Whether a request names a file of the mini program (`./x`, `../x`, `/x`), and no package. */
export function isRelative(request: string): boolean {
  return /^\.{0,2}\//.test(request) || request === '.' || request === '..'
}

/** The folders that a package may lie in, nearest first. */
export function packageFolders(folder: string): string[] {
  const parts = folder === '' ? [] : folder.split('/')
  const folders = parts.map((_, index) => `${parts.slice(0, parts.length - index).join('/')}/`)
  return [...folders, ''].map((above) => `${above}miniprogram_npm`)
}
