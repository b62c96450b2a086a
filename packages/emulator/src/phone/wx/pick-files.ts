/** The browser's own window to choose files; undefined where it was closed without a choice. */
export function pickFiles(accept: string, isMultiple: boolean): Promise<File[] | undefined> {
  const input = document.createElement('input')
  input.type = 'file'
  input.accept = accept
  input.multiple = isMultiple
  return new Promise((resolve) => {
    input.addEventListener('change', () => resolve([...(input.files ?? [])]))
    input.addEventListener('cancel', () => resolve(undefined))
    input.click()
  })
}
