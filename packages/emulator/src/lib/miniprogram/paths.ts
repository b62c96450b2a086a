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
