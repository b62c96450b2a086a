/** Something that went wrong in the mini program on this phone. */
export interface PhoneProblem {
  file: string
  line?: number | undefined
  message: string
  /** Where it happened: `onLoad`, `unhandledRejection`. */
  during?: string | undefined
}

export type ReportError = (error: unknown, during: string, file?: string) => void

export interface Place {
  file: string
  line?: number | undefined
}

const IN_SCRIPT = /\/_emulator\/phone\/\d+\/scripts\/([^?#\s]+?):(\d+)(?::\d+)?\)?$/m

/** The first line of a stack that is the mini program's own. */
export function placeIn(stack: string | undefined): Place | undefined {
  const [, file, line] = IN_SCRIPT.exec(stack ?? '') ?? []
  return file === undefined ? undefined : { file: decodeURIComponent(file), line: Number(line) }
}

/** The line of the mini program that is calling right now. */
export function callingPlace(): Place | undefined {
  return placeIn(new Error('place').stack)
}

export function messageOf(error: unknown): string {
  if (error instanceof Error) return `${error.name}: ${error.message}`
  if (typeof error === 'object' && error !== null && 'errMsg' in error) return String(error.errMsg)
  return typeof error === 'string' ? error : (JSON.stringify(error) ?? String(error))
}

export function problemOf(error: unknown, during: string, file = ''): PhoneProblem {
  const place = error instanceof Error ? placeIn(error.stack) : undefined
  return { file: place?.file ?? file, line: place?.line, message: messageOf(error), during }
}
