import type { DatabaseError } from '../lib/store/database-error.ts'

type OnFatal = (error: DatabaseError) => void

/**
 * What the store calls when nothing may be acknowledged any more. It never throws: the store would be stopped half
 * way, or a reader would catch what must end the process.
 * @param onFatal default: the error itself ends the process
 * @param later throws where nobody catches
 */
export function fatalHandler(
  onFatal: OnFatal | undefined,
  later: (work: () => void) => unknown = setImmediate,
): OnFatal {
  const act =
    onFatal ??
    ((error) => {
      throw error
    })
  return (error) => {
    try {
      act(error)
    } catch (thrown) {
      later(() => {
        throw thrown
      })
    }
  }
}
